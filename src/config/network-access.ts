import { ConfigError } from '../core/config-error';
import { isLoopback } from '../push/access/access-request';
import type { Config } from './load';

/** Why anybody who reaches this machine would be let in, although nobody said that this is meant; null: nobody would. */
export function isUnprotected({ host, token, operatorToken, insecure }: Config): string | null {
  if (host === 'localhost' || isLoopback(host)) return null;
  if (token !== undefined || operatorToken !== undefined || insecure) return null;
  return `host: expected a token where other machines can ask (ANGIOCAST_TOKEN, or token in the file), or --insecure to let everybody in, got "${host}" without either`;
}

/** Throws a ConfigError where it is unguarded. */
export function checkNetworkAccess(config: Config): void {
  const why = isUnprotected(config);
  if (why !== null) throw new ConfigError(why);
}
