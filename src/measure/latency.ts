import type { MaskTiming } from '../event';

/**
 * The annotation delay of one mask and its parts, in milliseconds; the parts add up to `total`. With anticipated
 * inference, `infer` is small or 0.
 */
export interface MaskLatency {
  /** From the capture of the deciding frame until it was read. */
  readonly acquire: number;
  /** Until the key frame was declared. */
  readonly detect: number;
  /** From the decision until inference ended; 0 if it had ended before. */
  readonly infer: number;
  /** From the end of inference, or the decision if later, until the mask was handed to the sockets. */
  readonly publish: number;
  /** From the capture of the deciding frame until the mask was handed to the sockets. */
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
