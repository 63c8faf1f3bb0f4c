import { traitsOf } from './source-kinds';
import type { SourceSpec } from './source-spec';

/** Shorter ones would be found in every other word. */
const SHORTEST = 4;
const secretKey = /pass|pwd|token|secret|auth|key/i;

/** The passwords of a source, as `secretsIn` finds them. */
export const passwordsOf = (spec: SourceSpec): readonly string[] => secretsIn(traitsOf(spec).url ?? '');

/** The password in an address, and what its query calls a secret, as they are written and as they are meant. */
export function secretsIn(url: string): readonly string[] {
  const [, password] = /^[a-z]+:\/\/[^/?@:]*:(.*)@/i.exec(url) ?? [];
  const query = [...url.matchAll(/[?&;]([^=&;?]+)=([^&;]*)/g)].flatMap(([, key = '', value = '']) => (secretKey.test(key) ? [value] : []));
  const encoded = [...(password === undefined ? [] : [password]), ...query];
  return [...new Set(encoded.flatMap((text) => [text, decoded(text)]))].filter((text) => text.length >= SHORTEST);
}

/** A text with `***` wherever one of the secrets stood. The longest first: a shorter one may begin it. */
export const redactSecrets = (text: string, secrets: readonly string[]): string =>
  [...secrets].sort((a, b) => b.length - a.length).reduce((left, secret) => left.replaceAll(secret, '***'), text);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
