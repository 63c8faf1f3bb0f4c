import type { CapturedPlane } from './captured-plane';
import { simplify } from './simplify';
import type { Point } from './tumour-mask';

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
