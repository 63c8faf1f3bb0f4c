import type { MaskTiming } from '../../event';

/** How long a mask took from the capture of the deciding frame, in milliseconds. */
export interface PaintedDelay {
  /** Until the server published it. */
  readonly published: number;
  /** Until this screen showed it. */
  readonly painted: number;
}

const KEPT = 200;

/** Adds a painted mask, oldest first; the last 200 are kept. */
export function withPainted(
  delays: readonly PaintedDelay[],
  { capturedAt, publishedAt }: Pick<MaskTiming, 'capturedAt'> & { readonly publishedAt: number },
  paintedAt: number,
): readonly PaintedDelay[] {
  return [...delays, { published: publishedAt - capturedAt, painted: paintedAt - capturedAt }].slice(-KEPT);
}

/** The percentile of `share` (0 to 1) by nearest rank; null of no values. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
