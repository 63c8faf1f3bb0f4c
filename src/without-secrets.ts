import { redactUri } from './acquire/redact-uri';

/**
 * A value of which no text shows a secret: `secrets` become `***` wherever they stand, and so do the credentials of URIs. Plain data; an Error becomes its
 * message.
 */
export function withoutSecrets(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return redactUri(secrets.reduce((text, secret) => text.replaceAll(secret, '***'), value));
  if (value instanceof Error) return withoutSecrets(value.message, secrets);
  if (Array.isArray(value)) return value.map((part) => withoutSecrets(part, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutSecrets(part, secrets)]));
}

/** What must not be shown of a configuration: the tokens, and the passwords of its sources and its collector, as they are written and as they are meant. */
export function secretsOf({
  token,
  operatorToken,
  otlpEndpoint = '',
  streams,
}: {
  readonly token?: string | undefined;
  readonly operatorToken?: string | undefined;
  readonly otlpEndpoint?: string | undefined;
  readonly streams: readonly { readonly spec: object }[];
}): readonly string[] {
  const sources = streams.map(({ spec }) => ('url' in spec && typeof spec.url === 'string' ? spec.url : ''));
  const passwords = [otlpEndpoint, ...sources].flatMap((url) => {
    const [, written] = /^[a-z]+:\/\/[^/?@:]*:(.*)@/i.exec(url) ?? [];
    return written === undefined ? [] : [written, decoded(written)];
  });
  return [token, operatorToken, ...passwords].filter((secret) => secret !== undefined).filter((secret) => secret.length > 3);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
