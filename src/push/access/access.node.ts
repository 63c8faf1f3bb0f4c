import { createHash, timingSafeEqual } from 'node:crypto';
import { isAllowedOrigin, isKnownHost, type AccessRequest, tokensOf } from './access-request';
import type { Refusal } from './refusal';

/** What somebody may do: nothing; hear and see everything; change what is at work, too. */
export type Scope = 'none' | 'read' | 'operate';

export interface Tokens {
  /** Lets read. */
  readonly token?: string | undefined;
  /** Lets read and operate. */
  readonly operatorToken?: string | undefined;
}

/** What a request's tokens let do. Where there is no token at all, everybody reads. Compares in a time that tells nothing of a token. */
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
  /** Pages from elsewhere, as `https://host`, whose host this server may be called by. */
  readonly allowedOrigins: readonly string[];
  /** Let everybody in, by whatever name. */
  readonly insecure: boolean;
}

/** Why a screen that asks so is not let in, however many there are; null: it is. */
export function checkAccess({ allowedOrigins, insecure, ...tokens }: AccessOptions): (asking: AccessRequest) => Refusal | null {
  const scopeOf = scopes(tokens);
  const anyHost = insecure || tokens.token !== undefined || tokens.operatorToken !== undefined;
  return (asking) => {
    if (!anyHost && !isKnownHost(asking, allowedOrigins)) return 'host';
    if (scopeOf(asking) === 'none') return 'token';
    return isAllowedOrigin(asking, allowedOrigins) ? null : 'origin';
  };
}
