import { passwordsOf, secretsIn, strikeOut } from '../acquire/passwords';
import type { SourceSpec } from '../acquire/source-spec';
import { redactUri } from '../core/log-text';

/**
 * A value of which no text shows a secret: `secrets` become `***` wherever they stand, and so do the credentials of URIs. Plain data; an Error becomes its
 * message.
 */
export function withoutSecrets(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return redactUri(strikeOut(value, secrets));
  if (value instanceof Error) return withoutSecrets(value.message, secrets);
  if (Array.isArray(value)) return value.map((part) => withoutSecrets(part, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutSecrets(part, secrets)]));
}

/** What must not be shown of a configuration: the tokens, and the passwords of its sources and its collector. */
export function secretsOf({ token, operatorToken, otlpEndpoint = '', streams }: Secretive): readonly string[] {
  const tokens = [token, operatorToken].filter((secret) => secret !== undefined);
  return [...tokens, ...secretsIn(otlpEndpoint), ...streams.flatMap(({ spec }) => passwordsOf(spec))];
}

/** What no text may show, of every configuration that was read while the program runs: streams go on for a while after they were changed. */
export class Secrets {
  private known: readonly string[];

  constructor(first: Secretive) {
    this.known = secretsOf(first);
  }

  add(config: Secretive): void {
    this.known = [...new Set([...this.known, ...secretsOf(config)])];
  }

  strikeOut(value: unknown): unknown {
    return withoutSecrets(value, this.known);
  }
}

interface Secretive {
  readonly token?: string | undefined;
  readonly operatorToken?: string | undefined;
  readonly otlpEndpoint?: string | undefined;
  readonly streams: readonly { readonly spec: SourceSpec }[];
}
