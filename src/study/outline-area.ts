import type { Point } from '../mask/tumour-mask';

/** What a closed line encloses (shoelace formula), in squares of its own unit; the first point is not repeated. */
export function outlineArea(outline: readonly Point[]): number {
  let twice = 0;
  let [px, py] = outline.at(-1) ?? [0, 0];
  for (const [qx, qy] of outline) {
    twice += px * qy - qx * py;
    [px, py] = [qx, qy];
  }
  return Math.abs(twice) / 2;
}
