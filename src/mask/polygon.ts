import type { Point } from './tumour-mask';

// Local copies are faster in per-pixel loops.
const ceil = Math.ceil;
const max = Math.max;
const min = Math.min;

/** A pixel grid over a picture; pixel (i, j) has its centre at ((i + ½)·stepX, (j + ½)·stepY) in picture pixels. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  /** Picture pixels per grid pixel. */
  readonly stepX: number;
  readonly stepY: number;
}

/**
 * Calls `paint` for each grid pixel whose centre lies inside the closed line (even-odd rule), row by row. The first
 * point is not repeated.
 */
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

/** The greatest distance between two points, by rotating calipers on their convex hull; 0 for fewer than two. */
export function longestDiameter(points: readonly Point[]): number {
  const hull = convexHull(points);
  if (hull.length < 2) return 0;
  let most = 0;
  for (let i = 0, far = 1; i < hull.length; i++) {
    const from = hull[i] as Point;
    const to = hull[(i + 1) % hull.length] as Point;
    // As the edge advances, its farthest point advances too, never back.
    while (turn(from, to, hull[(far + 1) % hull.length] as Point) > turn(from, to, hull[far] as Point)) far = (far + 1) % hull.length;
    most = Math.max(most, distance(from, hull[far] as Point), distance(to, hull[far] as Point));
  }
  return most;
}

/** The convex hull without points on its edges, counter-clockwise with y up (Andrew's monotone chain). */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const chain = (ordered: readonly Point[]): Point[] => {
    const hull: Point[] = [];
    for (const point of ordered) {
      while (hull.length >= 2 && turn(hull.at(-2) as Point, hull.at(-1) as Point, point) <= 0) hull.pop();
      hull.push(point);
    }
    return hull.slice(0, -1);
  };
  const hull = [...chain(sorted), ...chain(sorted.reverse())];
  return hull.length > 0 ? hull : sorted.slice(0, 1);
}

/** Twice the signed area of a triangle, positive when it turns from x towards y. */
const turn = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
const distance = ([ax, ay]: Point, [bx, by]: Point): number => Math.hypot(ax - bx, ay - by);

/** The area of a closed line (shoelace formula), in its own unit squared; the first point is not repeated. */
export function outlineArea(outline: readonly Point[]): number {
  let twice = 0;
  let [px, py] = outline.at(-1) ?? [0, 0];
  for (const [qx, qy] of outline) {
    twice += px * qy - qx * py;
    [px, py] = [qx, qy];
  }
  return Math.abs(twice) / 2;
}
