import type { MaskTiming } from '../../event';

/** How long a mask took from the capture of the frame that made the decision possible, in milliseconds. */
export interface PaintedDelay {
  /** Until the server handed it to the sockets. */
  readonly published: number;
  /** Until this screen showed it. */
  readonly painted: number;
}

const KEPT = 200;

/** The delays after one more mask was painted, oldest first; the last 200 are kept. */
export function withPainted(
  delays: readonly PaintedDelay[],
  { capturedAt, publishedAt }: Pick<MaskTiming, 'capturedAt'> & { readonly publishedAt: number },
  paintedAt: number,
): readonly PaintedDelay[] {
  return [...delays, { published: publishedAt - capturedAt, painted: paintedAt - capturedAt }].slice(-KEPT);
}

/** The value that a share of all does not exceed (nearest rank); null of none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
