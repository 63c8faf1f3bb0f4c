import type { Rect } from '../frame';
import { capturedPlane, contour } from '../mask/captured-outline';
import { components } from '../mask/components';
import { outline } from '../mask/outline';
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

/** The outer outlines of every region of a mask of `width` × `height`, however small, in the pixels of the picture it covers. */
export function outlines(found: Uint8Array, width: number, height: number, area: Rect): readonly (readonly Point[])[] {
  const all = components(found, width, height, 1);
  const plane = capturedPlane(area, width, height);
  return all.components.map((component) => contour(outline(all, component), plane));
}
