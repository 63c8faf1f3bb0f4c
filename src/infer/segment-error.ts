import type { SegmentFailureReason } from './segmenter';

/** A stack got no segmentation. `rejected`: it does not fit the model. `crashed`, `timed-out`: the worker failed twice in a row on it. */
export class SegmentError extends Error {
  override readonly name = 'SegmentError';

  constructor(
    readonly code: SegmentFailureReason,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
