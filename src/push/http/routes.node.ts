import { type Request, type RequestHandler, type Response, Router } from 'express';
import { type AccessRequest as Asking, isAllowedOrigin, isLoopback } from '../access/access-request';
import type { Scope } from '../access/access.node';
import { problemOf, type Refusal, statusOf } from '../access/refusal';
import type { KeptPictures } from '../pictures/kept-pictures';
import type { ServerStatus } from '../server-status';
import type { Answers } from './answers';

/** What is kept of the pictures and the mask of a run, as screens were sent them; from memory, and to be kept nowhere else. */
export function keptRoutes(kept: KeptPictures, records: Pick<ServerStatus, 'run'>): Router {
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

export interface ReloadRouteParts {
  readonly reload: () => Promise<Answers['reloaded']>;
  readonly asking: (request: Request) => Asking;
  readonly scopeOf: (asking: Asking) => Scope;
  /** Whether there is a token for operators. */
  readonly hasOperator: boolean;
}

/**
 * Reads the configuration anew: for whoever has the operator's token; where there is none, for whoever sits at the machine. Never for a page of anybody
 * else. Answers when all is done, 422 with the reason when it was refused and nothing changed.
 */
export function reloadRoute({ reload, asking, scopeOf, hasOperator }: ReloadRouteParts): RequestHandler {
  const problem = (code: string, message: string): Answers['problem'] => ({ error: { code, message } });
  return async (request, response) => {
    const refusal = hasOperator
      ? scopeOf(asking(request)) !== 'operate' && problem('not-operator', 'Expected the token of an operator')
      : !isFromHere(request) && problem('not-here', 'Expected a request from this machine');
    if (refusal) return void response.status(403).json(refusal);
    if (!isAllowedOrigin(asking(request), [])) return void response.status(403).json(problem('not-ours', 'Expected no page of elsewhere'));
    try {
      response.json(await reload());
    } catch (error) {
      response.status(422).json(problem('refused', error instanceof Error ? error.message : String(error)));
    }
  };
}

/** As the kernel tells it. What a proxy on this machine hands on came from elsewhere, whatever it says of it. */
function isFromHere({ socket, headers }: Request): boolean {
  const handedOn = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined);
  return isLoopback(socket.remoteAddress) && !handedOn;
}

/**
 * Answers who asks at the address of the socket without wanting one: 426; by POST, what the socket would be refused for. So a page learns why it is not let
 * in, which browsers hide, though with a POST they tell where it comes from. From elsewhere too: nothing here is secret.
 */
export function socketRoute(
  asking: (request: Request) => Asking,
  whyNot: (asking: Asking, address: string | undefined) => Refusal | null,
): RequestHandler {
  const upgrade: Answers['problem'] = { error: { code: 'upgrade-required', message: 'Expected a WebSocket' } };
  return (request, response) => {
    const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'Authorization', 'Cache-Control': 'no-store' };
    response.set(headers).set('Cross-Origin-Resource-Policy', 'cross-origin');
    if (request.method === 'OPTIONS') return void response.status(204).end();
    const refusal = request.method === 'POST' ? whyNot(asking(request), request.socket.remoteAddress) : null;
    if (refusal === null) return void response.status(426).set('Upgrade', 'websocket').json(upgrade);
    if (refusal === 'token') response.set('WWW-Authenticate', 'Bearer');
    response.status(statusOf[refusal]).json(problemOf(refusal));
  };
}

/** How long a browser may remember that it asked, in seconds. */
const REMEMBERED_S = 600;

/**
 * Lets pages of `allowed` origins (`https://host`, `*` for all) read answers (CORS), and ask with a token in a header, which browsers ask for first (OPTIONS). To
 * change anything is for no page of elsewhere: only GET is answered for.
 */
export function cors(allowed: readonly string[]): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin');
    const { origin } = request.headers;
    if (origin === undefined || !(allowed.includes('*') || allowed.includes(origin))) return next();
    response.set({ 'Access-Control-Allow-Origin': origin, 'Cross-Origin-Resource-Policy': 'cross-origin' });
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return next();
    response
      .status(204)
      .set({
        'Access-Control-Allow-Methods': 'GET',
        'Access-Control-Allow-Headers': 'Authorization',
        'Access-Control-Max-Age': String(REMEMBERED_S),
      })
      .end();
  };
}
