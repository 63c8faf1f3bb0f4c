import type { Rect } from '../frame';
import { simplify } from './simplify';
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

/** In grid pixels. */
const TOLERANCE = 0.5;

/** An outline of the grid in captured-picture pixels (`capturedPlane`), simplified within half a grid pixel, to 1⁄100 px. */
export function contour(outline: readonly Point[], plane: CapturedPlane): Point[] {
  return simplify(outline, TOLERANCE).map((point) => {
    const [x, y] = plane.toCaptured(point);
    return [hundredths(x), hundredths(y)];
  });
}

export const hundredths = (value: number): number => Math.round(value * 100) / 100;
