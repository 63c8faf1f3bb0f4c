import type { Request, RequestHandler } from 'express';
import type { Request as Asking } from './auth';
import type { Answers } from './http-answers';
import { problemOf, type Refusal, statusOf } from './refusal';

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
