import { type Config, ConfigError } from './config';
import { isHere } from './push/visitor';

/** Throws a ConfigError where anybody who reaches this machine would be let in, and nobody said that this is meant. */
export function mustBeGuarded({ host, token, operatorToken, insecure }: Config): void {
  if (host === 'localhost' || isHere(host)) return;
  if (token !== undefined || operatorToken !== undefined || insecure) return;
  throw new ConfigError(
    `host: expected a token where other machines can ask (ANGIOCAST_TOKEN, or token in the file), or --insecure to let everybody in, got "${host}" without either`,
  );
}
