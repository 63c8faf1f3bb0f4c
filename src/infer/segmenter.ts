import type { Observable } from 'rxjs';
import type { TemporalStack } from '../runs/temporal-stack';

export type { TemporalStack } from '../runs/temporal-stack';

/** Names one exact model. */
export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/** What the networks say of a key frame, on the model's grid, row by row. */
export interface Segmentation {
  readonly width: number;
  readonly height: number;
  /** Tumour probability, 0…1. */
  readonly tumour: Float32Array;
  /** Liver probability, 0…1. */
  readonly liver: Float32Array;
  /** Learned temporal difference, in units of grey/255. */
  readonly difference: Float32Array;
  /** When the networks began and ended to compute (the one clock). */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Why an inference failed; the `reason` label of `inference_failures_total`. */
export type SegmentFailureReason = 'crashed' | 'timed-out' | 'rejected';

/** A loaded, warm model. */
export interface Segmenter {
  readonly model: ModelIdentity;
  /** The execution provider that computes: cpu, webgpu, cuda, … */
  readonly provider: string;
  /** Which acquisitions make a stack, as offsets from the key frame, oldest first: −9 … 0. */
  readonly offsets: readonly number[];
  /** Probabilities from which a pixel counts. */
  readonly thresholds: { readonly tumour: number; readonly liver: number };
  /**
   * Cold, one value, then complete. Unsubscribing takes back what has not begun. Errors with `SegmentError`.
   *
   *    segment  -------(s|)
   */
  segment(stack: TemporalStack): Observable<Segmentation>;
}

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
