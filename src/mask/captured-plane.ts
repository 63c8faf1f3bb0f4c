import type { Rect } from '../frame';
import type { Point } from './tumour-mask';

/** Grid pixel → captured pixel. The image area was resized to the grid, by another factor in x than in y. */
export interface CapturedPlane {
  readonly scaleX: number;
  readonly scaleY: number;
  /** Width of a captured pixel over its height. */
  readonly pixelAspect: number;
  toCaptured(point: Point): Point;
}

/** The plane in which captured pixel (i, j) covers [i, i+1) × [j, j+1), as seen from a grid of `width` × `height` over the image area. */
export function capturedPlane(
  { x, y, width: areaWidth, height: areaHeight }: Rect,
  width: number,
  height: number,
  pixelAspect = 1,
): CapturedPlane {
  const scaleX = areaWidth / width;
  const scaleY = areaHeight / height;
  return { scaleX, scaleY, pixelAspect, toCaptured: ([gridX, gridY]) => [x + gridX * scaleX, y + gridY * scaleY] };
}
