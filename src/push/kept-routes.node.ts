import { Router, type Response } from 'express';
import type { Answers } from './http-answers';
import type { KeptPictures } from './kept-pictures';
import type { Records } from './records';

/** What is kept of the pictures and the mask of a run, as screens were sent them; from memory, and to be kept nowhere else. */
export function keptRoutes(kept: KeptPictures, records: Pick<Records, 'run'>): Router {
  const none = (response: Response, code: string, message: string): void =>
    void response.status(404).json({ error: { code, message } } satisfies Answers['problem']);
  const routes = Router();
  routes.get('/runs/:run/frames', (request, response) => {
    if (!records.run(request.params.run)) return none(response, 'unknown-run', 'No such run, or it is too long ago');
    const rows = kept.of(request.params.run).map(({ facts }) => {
      const { frame, capturedAt, width, height, pixelAspect, encodedWidth, encodedHeight, encoding } = facts;
      return { frame, capturedAt, width, height, pixelAspect, encodedWidth, encodedHeight, encoding };
    });
    response.json(rows satisfies Answers['frames']);
  });
  routes.get('/runs/:run/frames/:frame', (request, response) => {
    const { run, frame } = request.params;
    const picture = records.run(run) && /^\d{1,9}$/.test(frame) ? kept.picture(run, Number(frame)) : null;
    if (!picture) return none(response, 'unknown-picture', 'No such picture: nobody watched it, or it is too long ago');
    response.type(picture.facts.encoding).send(Buffer.from(picture.bytes));
  });
  routes.get('/runs/:run/mask', (request, response) => {
    const message = records.run(request.params.run) ? kept.mask(request.params.run) : null;
    if (!message) return none(response, 'unknown-mask', 'No mask: not yet, or none was made');
    response.type('application/octet-stream').send(Buffer.from(message));
  });
  return routes;
}
