import { passwordsOf, secretsIn, redactSecrets } from '../acquire/passwords';
import type { SourceSpec } from '../acquire/source-spec';
import { redactUri } from '../core/log-text';

/**
 * Plain data with `secrets` and the credentials of URIs replaced by `***` in every text. An Error becomes its message.
 */
export function withoutSecrets(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return redactUri(redactSecrets(value, secrets));
  if (value instanceof Error) return withoutSecrets(value.message, secrets);
  if (Array.isArray(value)) return value.map((part) => withoutSecrets(part, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutSecrets(part, secrets)]));
}

/** The secrets of a configuration: tokens, and the passwords of its sources and its collector. */
export function secretsOf({ token, operatorToken, otlpEndpoint = '', streams }: SecretHolder): readonly string[] {
  const tokens = [token, operatorToken].filter((secret) => secret !== undefined);
  return [...tokens, ...secretsIn(otlpEndpoint), ...streams.flatMap(({ spec }) => passwordsOf(spec))];
}

/** The secrets of every configuration since start: streams may go on for a while after they were changed. */
export class Secrets {
  private known: readonly string[];

  constructor(first: SecretHolder) {
    this.known = secretsOf(first);
  }

  add(config: SecretHolder): void {
    this.known = [...new Set([...this.known, ...secretsOf(config)])];
  }

  redact(value: unknown): unknown {
    return withoutSecrets(value, this.known);
  }
}

interface SecretHolder {
  readonly token?: string | undefined;
  readonly operatorToken?: string | undefined;
  readonly otlpEndpoint?: string | undefined;
  readonly streams: readonly { readonly spec: SourceSpec }[];
}
