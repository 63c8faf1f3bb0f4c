import { type Request, type RequestHandler } from 'express';
import { isAllowedOrigin } from './auth';
import type { Answers } from './http-answers';
import { isHere } from './visitor';

/**
 * Reads the configuration anew: for whoever sits at the machine, so only from this machine, and not from a page of anybody else. Answers when all is
 * done, 422 with the reason when it was refused and nothing changed.
 */
export function reloadRoute(reload: () => Promise<Answers['reloaded']>): RequestHandler {
  const problem = (code: string, message: string): Answers['problem'] => ({ error: { code, message } });
  return async (request, response) => {
    if (!isFromHere(request)) return void response.status(403).json(problem('not-here', 'Expected a request from this machine'));
    try {
      response.json(await reload());
    } catch (error) {
      response.status(422).json(problem('refused', error instanceof Error ? error.message : String(error)));
    }
  };
}

/** As the kernel tells it: no proxy's word is believed. */
function isFromHere({ socket, headers }: Request): boolean {
  const asking = { authorization: undefined, queryToken: null, protocols: [], origin: headers.origin, host: headers.host };
  return isHere(socket.remoteAddress) && isAllowedOrigin(asking, []);
}
