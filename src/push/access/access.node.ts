import { createHash, timingSafeEqual } from 'node:crypto';
import { isAllowedOrigin, isKnownHost, type AccessRequest, tokensOf } from './access-request';
import type { Refusal } from './refusal';

/** none; read: receive everything; operate: also reload the configuration. */
export type Scope = 'none' | 'read' | 'operate';

export interface Tokens {
  /** Grants `read`. */
  readonly token?: string | undefined;
  /** Grants `operate`. */
  readonly operatorToken?: string | undefined;
}

/** The scope a request's tokens grant; `read` if no token is configured. Tokens are compared in constant time. */
export function scopes({ token, operatorToken }: Tokens): (request: AccessRequest) => Scope {
  const [reader, operator] = [token, operatorToken].map((secret) => (secret === undefined ? null : digest(secret)));
  if (!reader && !operator) return () => 'read';
  return (request) => {
    const given = tokensOf(request).map(digest);
    const has = (secret: Buffer | null | undefined): boolean => !!secret && given.filter((one) => timingSafeEqual(one, secret)).length > 0;
    const [reads, operates] = [has(reader), has(operator)];
    return operates ? 'operate' : reads ? 'read' : 'none';
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export interface AccessOptions extends Tokens {
  /** Other origins, as `https://host`; without a token, also the host names accepted for this server. */
  readonly allowedOrigins: readonly string[];
  /** Accept any host name without a token. */
  readonly insecure: boolean;
}

/** Why a screen is refused, apart from limits; null: it is not. */
export function checkAccess({ allowedOrigins, insecure, ...tokens }: AccessOptions): (request: AccessRequest) => Refusal | null {
  const scopeOf = scopes(tokens);
  const anyHost = insecure || tokens.token !== undefined || tokens.operatorToken !== undefined;
  return (request) => {
    if (!anyHost && !isKnownHost(request, allowedOrigins)) return 'host';
    if (scopeOf(request) === 'none') return 'token';
    return isAllowedOrigin(request, allowedOrigins) ? null : 'origin';
  };
}
