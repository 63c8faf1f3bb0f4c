import { isAllowedOrigin, isKnownHost, type Request } from './auth';
import type { Refusal } from './refusal';
import { scopes, type Tokens } from './scope.node';

export interface DoorOptions extends Tokens {
  /** Pages from elsewhere, as `https://host`, whose host this server may be called by. */
  readonly allowedOrigins: readonly string[];
  /** Let everybody in, by whatever name. */
  readonly insecure: boolean;
}

/** Why a screen that asks so is not let in, however many there are; null: it is. */
export function door({ allowedOrigins, insecure, ...tokens }: DoorOptions): (asking: Request) => Refusal | null {
  const scopeOf = scopes(tokens);
  const anyHost = insecure || tokens.token !== undefined || tokens.operatorToken !== undefined;
  return (asking) => {
    if (!anyHost && !isKnownHost(asking, allowedOrigins)) return 'host';
    if (scopeOf(asking) === 'none') return 'token';
    return isAllowedOrigin(asking, allowedOrigins) ? null : 'origin';
  };
}
