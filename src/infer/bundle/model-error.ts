import { escapeLine } from '../../core/log-text';

/** What does not fit: the card's text, a file of the bundle, its hash, the graph's names or shapes, its outputs, the graph itself, or the provider. */
export type ModelFault = 'card' | 'file' | 'hash' | 'names' | 'shapes' | 'golden' | 'graph' | 'provider';

/** A model bundle is refused, or no provider can compute it. The message says why in one line. */
export class ModelError extends Error {
  override readonly name = 'ModelError';

  constructor(
    readonly code: ModelFault,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(escapeLine(message), options);
  }
}
