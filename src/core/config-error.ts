import { escapeLine } from './log-text';

/** An invalid configuration. The message is one line: the key, what was expected, what was found. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'INVALID_CONFIG';

  constructor(message: string) {
    super(escapeLine(message));
  }
}

/** Several configuration errors, one per line. */
export class ConfigErrors extends ConfigError {
  constructor(readonly lines: readonly string[]) {
    super(lines[0] ?? 'configuration: not understood');
  }
}
