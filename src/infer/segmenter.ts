import type { Observable } from 'rxjs';
import type { TemporalStack } from '../runs/temporal-stack';

export type { TemporalStack } from '../runs/temporal-stack';

/** Identifies one exact model. */
export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/** The networks' output for a key frame, on the model's grid, row by row. */
export interface Segmentation {
  readonly width: number;
  readonly height: number;
  /** Tumour probability, 0…1. */
  readonly tumour: Float32Array;
  /** Liver probability, 0…1. */
  readonly liver: Float32Array;
  /** Learned temporal difference, in units of grey/255. */
  readonly difference: Float32Array;
  /** When the networks started and finished computing, in the time of the process's clock. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Why an inference failed; the `reason` label of `inference_failures_total`. */
export type SegmentFailureReason = 'crashed' | 'timed-out' | 'rejected';

/** A loaded, warm model. */
export interface Segmenter {
  readonly model: ModelIdentity;
  /** ONNX Runtime's execution provider: cpu, webgpu, cuda, … */
  readonly provider: string;
  /** The acquisitions of a stack, as offsets from the key frame, oldest first: −9 … 0. */
  readonly offsets: readonly number[];
  /** A pixel counts from these probabilities on; a region of tumour from the mean `lesion` on, where there is one. */
  readonly thresholds: { readonly tumour: number; readonly liver: number; readonly lesion?: number | undefined };
  /**
   * Cold; one value, then completes. Unsubscribing cancels a stack whose inference has not begun. Errors with
   * `SegmentError`.
   *
   *    segment  -------(s|)
   */
  segment(stack: TemporalStack): Observable<Segmentation>;
}

/**
 * A stack without a segmentation. `rejected`: it does not fit the model. `crashed`, `timed-out`: the worker failed on
 * it twice in a row, or no worker could be started to try it (`untried`).
 */
export class SegmentError extends Error {
  override readonly name = 'SegmentError';
  /** The stack is not to blame and may be sent again. */
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
