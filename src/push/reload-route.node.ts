import type { Request, RequestHandler } from 'express';
import { isAllowedOrigin, type Request as Asking } from './auth';
import type { Answers } from './http-answers';
import type { Scope } from './scope.node';
import { isHere } from './visitor';

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
  return isHere(socket.remoteAddress) && !handedOn;
}
