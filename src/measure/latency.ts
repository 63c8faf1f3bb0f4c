import type { MaskTiming } from '../event';

/**
 * Where the time of one mask went, in milliseconds; the parts add up to `total`. Anticipated inference leaves little or
 * nothing to wait for.
 */
export interface MaskLatency {
  /** From the capture of the deciding frame until it was read. */
  readonly acquire: number;
  readonly detect: number;
  /** From the decision until a mask was ready: 0 if it was ready before. */
  readonly infer: number;
  /** From the ready mask (or the decision, if that came later) to the sockets. */
  readonly publish: number;
  /** The annotation delay: from the capture of the frame that made the decision possible to the sockets. */
  readonly total: number;
}

/** Splits the annotation delay of a mask handed to the sockets at `publishedAt`. */
export function maskLatency(timing: MaskTiming, publishedAt: number): MaskLatency {
  const ready = Math.max(timing.detectedAt, timing.inferenceEndedAt);
  return {
    acquire: timing.acquiredAt - timing.capturedAt,
    detect: timing.detectedAt - timing.acquiredAt,
    infer: ready - timing.detectedAt,
    publish: publishedAt - ready,
    total: publishedAt - timing.capturedAt,
  };
}
