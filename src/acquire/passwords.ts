import { traitsOf } from './source-kinds';
import type { SourceSpec } from './source-spec';

/** Shorter secrets would match parts of ordinary words. */
const SHORTEST = 4;
const secretKey = /pass|pwd|token|secret|auth|key/i;

export const passwordsOf = (spec: SourceSpec): readonly string[] => secretsIn(traitsOf(spec).url ?? '');

/** The password in a URL and the secret values of its query, both as written and percent-decoded. */
export function secretsIn(url: string): readonly string[] {
  const [, password] = /^[a-z]+:\/\/[^/?@:]*:(.*)@/i.exec(url) ?? [];
  const query = [...url.matchAll(/[?&;]([^=&;?]+)=([^&;]*)/g)].flatMap(([, key = '', value = '']) => (secretKey.test(key) ? [value] : []));
  const encoded = [...(password === undefined ? [] : [password]), ...query];
  return [...new Set(encoded.flatMap((text) => [text, decoded(text)]))].filter((text) => text.length >= SHORTEST);
}

/** Replaces every secret in a text by `***`, the longest first: a shorter one may be its beginning. */
export const redactSecrets = (text: string, secrets: readonly string[]): string =>
  [...secrets].sort((a, b) => b.length - a.length).reduce((left, secret) => left.replaceAll(secret, '***'), text);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
