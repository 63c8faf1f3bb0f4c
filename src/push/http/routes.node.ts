import { type Request, type RequestHandler, type Response, Router } from 'express';
import { type AccessRequest, isAllowedOrigin, isLoopback } from '../access/access-request';
import type { Scope } from '../access/access.node';
import { problemOf, type Refusal, statusOf } from '../access/refusal';
import type { KeptPictures } from '../pictures/kept-pictures';
import type { ServerStatus } from '../server-status';
import type { Answers } from './answers';

/** The kept pictures and mask of a run, as sent to screens. */
export function keptRoutes(keptPictures: KeptPictures, status: Pick<ServerStatus, 'run'>): Router {
  const none = (response: Response, code: string, message: string): void =>
    void response.status(404).json({ error: { code, message } } satisfies Answers['problem']);
  const routes = Router();
  routes.get('/runs/:run/frames', (request, response) => {
    if (!status.run(request.params.run)) return none(response, 'unknown-run', 'No such run, or it is too long ago');
    const rows = keptPictures.of(request.params.run).map(({ facts }) => {
      const { frame, capturedAt, width, height, pixelAspect, encodedWidth, encodedHeight, encoding } = facts;
      return { frame, capturedAt, width, height, pixelAspect, encodedWidth, encodedHeight, encoding };
    });
    response.json(rows satisfies Answers['frames']);
  });
  routes.get('/runs/:run/frames/:frame', (request, response) => {
    const { run, frame } = request.params;
    const picture = status.run(run) && /^\d{1,9}$/.test(frame) ? keptPictures.picture(run, Number(frame)) : null;
    if (!picture) return none(response, 'unknown-picture', 'No such picture: nobody watched it, or it is no longer kept');
    response.type(picture.facts.encoding).send(Buffer.from(picture.bytes));
  });
  routes.get('/runs/:run/mask', (request, response) => {
    const message = status.run(request.params.run) ? keptPictures.mask(request.params.run) : null;
    if (!message) return none(response, 'unknown-mask', 'No mask, not yet or none was made');
    response.type('application/octet-stream').send(Buffer.from(message));
  });
  return routes;
}

export interface ReloadRouteParts {
  readonly reload: () => Promise<Answers['reloaded']>;
  readonly toAccessRequest: (request: Request) => AccessRequest;
  readonly scopeOf: (request: AccessRequest) => Scope;
  /** Whether an operator token is configured. */
  readonly hasOperator: boolean;
}

/**
 * Reloads the configuration for holders of the operator token or, where there is none, for requests from this machine;
 * never for pages of other origins. Answers when done, or 422 with the reason if refused and nothing changed.
 */
export function reloadRoute({ reload, toAccessRequest, scopeOf, hasOperator }: ReloadRouteParts): RequestHandler {
  const problem = (code: string, message: string): Answers['problem'] => ({ error: { code, message } });
  return async (request, response) => {
    const refusal = hasOperator
      ? scopeOf(toAccessRequest(request)) !== 'operate' && problem('not-operator', 'Expected the operator token')
      : !isLocal(request) && problem('not-here', 'Expected a request from this machine');
    if (refusal) return void response.status(403).json(refusal);
    if (!isAllowedOrigin(toAccessRequest(request), []))
      return void response.status(403).json(problem('not-ours', 'Expected no page of another origin'));
    try {
      response.json(await reload());
    } catch (error) {
      response.status(422).json(problem('refused', error instanceof Error ? error.message : String(error)));
    }
  };
}

/** By the peer's address. What a local proxy forwards comes from elsewhere. */
function isLocal({ socket, headers }: Request): boolean {
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined);
  return isLoopback(socket.remoteAddress) && !isForwarded;
}

/**
 * Answers plain requests to `/ws`: 426, or for POST the reason why a socket would be refused. Browsers hide that reason
 * from pages, but send the Origin with a POST. Open to all origins: nothing here is secret.
 */
export function socketRoute(
  toAccessRequest: (request: Request) => AccessRequest,
  refusalFor: (request: AccessRequest, address: string | undefined) => Refusal | null,
): RequestHandler {
  const upgrade: Answers['problem'] = { error: { code: 'upgrade-required', message: 'Expected a WebSocket' } };
  return (request, response) => {
    const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'Authorization', 'Cache-Control': 'no-store' };
    response.set(headers).set('Cross-Origin-Resource-Policy', 'cross-origin');
    if (request.method === 'OPTIONS') return void response.status(204).end();
    const refusal = request.method === 'POST' ? refusalFor(toAccessRequest(request), request.socket.remoteAddress) : null;
    if (refusal === null) return void response.status(426).set('Upgrade', 'websocket').json(upgrade);
    if (refusal === 'token') response.set('WWW-Authenticate', 'Bearer');
    response.status(statusOf[refusal]).json(problemOf(refusal));
  };
}

const PREFLIGHT_MAX_AGE_S = 600;

/**
 * CORS: lets pages of `allowed` origins (`https://host`, `*` for all) read answers and send a token header, which needs
 * a preflight. GET only: no other page may change anything.
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
        'Access-Control-Max-Age': String(PREFLIGHT_MAX_AGE_S),
      })
      .end();
  };
}
