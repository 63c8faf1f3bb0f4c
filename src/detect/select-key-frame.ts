import type { AnalysisImage } from '../frame';

/** D of two neighbouring acquisitions (paper, section 2.1): their mean absolute difference, grey levels per pixel. */
export function frameDifference(a: AnalysisImage, b: AnalysisImage): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const change = (a[i] as number) - (b[i] as number);
    sum += change < 0 ? -change : change;
  }
  return sum / a.length;
}

/** The paper's window: the last 15 frames of a run (section 2.1). */
export const KEY_FRAME_WINDOW = 15;

/** How still the image is around the frame at `index`. */
export interface ScoredFrame {
  readonly index: number;
  /** Grey levels per pixel; lower is stiller. */
  readonly score: number;
}

/**
 * The scores of all inner frames of a window: the mean difference to both neighbours. `differences[i]` is that of
 * frame i to frame i − 1; the first is not used, since its neighbour lies outside the window.
 */
export const scores = (differences: readonly number[]): ScoredFrame[] =>
  differences.slice(1, -1).map((before, i) => ({ index: i + 1, score: (before + (differences[i + 2] as number)) / 2 }));

/** The frame with the lowest score, the first on ties; null for an empty list. */
export const stillest = (scored: readonly ScoredFrame[]): ScoredFrame | null =>
  scored.reduce<ScoredFrame | null>((best, next) => (best === null || next.score < best.score ? next : best), null);

/**
 * The paper's offline rule (section 2.1): of the last 15 acquisitions of a finished run, the one with the least mean
 * difference to its neighbours. The index counts within the run. Null for fewer than three acquisitions.
 */
export function selectKeyFrame(run: readonly AnalysisImage[]): ScoredFrame | null {
  const first = Math.max(0, run.length - KEY_FRAME_WINDOW);
  const window = run.slice(first);
  const differences = window.map((image, i) => (i === 0 ? 0 : frameDifference(image, window[i - 1] as AnalysisImage)));
  const best = stillest(scores(differences));
  return best && { index: first + best.index, score: best.score };
}
