import type { Point } from './tumour-mask';

// Looked up once: these run per pixel.
const ceil = Math.ceil;
const max = Math.max;
const min = Math.min;

/** Pixels that cover a picture; pixel (i, j) has its centre at ((i + ½)·stepX, (j + ½)·stepY) in the picture's own pixels. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  /** Picture pixels per grid pixel. */
  readonly stepX: number;
  readonly stepY: number;
}

/** Calls `paint` for every grid pixel whose centre lies inside the closed line (even-odd rule), row by row; the first point is not repeated. */
export function fillOutline(grid: Grid, outline: readonly Point[], paint: (index: number) => void): void {
  for (let j = 0; j < grid.height; j++) {
    const y = (j + 0.5) * grid.stepY;
    const crossings: number[] = [];
    let [px, py] = outline[outline.length - 1] as Point;
    for (const [qx, qy] of outline) {
      if (qy > y !== py > y) crossings.push(((px - qx) * (y - qy)) / (py - qy) + qx);
      [px, py] = [qx, qy];
    }
    crossings.sort((a, b) => a - b);
    for (let c = 0; c + 1 < crossings.length; c += 2) {
      const first = max(0, ceil(crossings[c]! / grid.stepX - 0.5));
      const last = min(grid.width - 1, ceil(crossings[c + 1]! / grid.stepX - 0.5) - 1);
      for (let i = first; i <= last; i++) paint(j * grid.width + i);
    }
  }
}
