import { ConfigError } from '../core/config-error';
import type { Config } from './load';
import { isHere } from '../push/access/client-address';

/** Why anybody who reaches this machine would be let in, although nobody said that this is meant; null: nobody would. */
export function unguarded({ host, token, operatorToken, insecure }: Config): string | null {
  if (host === 'localhost' || isHere(host)) return null;
  if (token !== undefined || operatorToken !== undefined || insecure) return null;
  return `host: expected a token where other machines can ask (ANGIOCAST_TOKEN, or token in the file), or --insecure to let everybody in, got "${host}" without either`;
}

/** Throws a ConfigError where it is unguarded. */
export function mustBeGuarded(config: Config): void {
  const why = unguarded(config);
  if (why !== null) throw new ConfigError(why);
}
