import { inLine } from './in-line';
import type { LossReason } from './source';

/** Why there are no pictures (any more). The message is one line without credentials. */
export class SourceError extends Error {
  constructor(
    readonly code: LossReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(inLine(message), options);
    this.name = 'SourceError';
  }
}
