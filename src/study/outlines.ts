import { type Rect } from '../frame';
import { capturedPlane } from '../mask/captured-plane';
import { components } from '../mask/components';
import { contour } from '../mask/contour';
import { outline } from '../mask/outline';
import type { Point } from '../mask/tumour-mask';

/** The outer outlines of every region of a mask of `width` × `height`, however small, in the pixels of the picture it covers. */
export function outlines(found: Uint8Array, width: number, height: number, area: Rect): readonly (readonly Point[])[] {
  const all = components(found, width, height, 1);
  const plane = capturedPlane(area, width, height);
  return all.components.map((component) => contour(outline(all, component), plane));
}
