import { escapeLine } from './log-text';

/** A configuration that cannot be used: one line with the key, what was expected, what was got. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'INVALID_CONFIG';

  constructor(message: string) {
    super(escapeLine(message));
  }
}

/** Several of these: a line each. */
export class ConfigErrors extends ConfigError {
  constructor(readonly lines: readonly string[]) {
    super(lines[0] ?? 'configuration: not understood');
  }
}
