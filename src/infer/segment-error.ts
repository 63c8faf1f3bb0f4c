import type { SegmentFailureReason } from './segmenter';

/**
 * A stack got no segmentation. `rejected`: it does not fit the model. `crashed`, `timed-out`: the worker failed twice in a row on it, or there was none to try it
 * on (`untried`).
 */
export class SegmentError extends Error {
  override readonly name = 'SegmentError';
  /** The stack is not to blame: with another worker it may get its segmentation. */
  readonly untried: boolean;

  constructor(
    readonly code: SegmentFailureReason,
    message: string,
    options?: { readonly cause?: unknown; readonly untried?: boolean },
  ) {
    super(message, options);
    this.untried = options?.untried ?? false;
  }
}
