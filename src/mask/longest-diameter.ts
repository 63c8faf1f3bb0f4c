import type { Point } from './tumour-mask';

/** The greatest distance between two of the points: rotating calipers round their convex hull. 0 for fewer than two. */
export function longestDiameter(points: readonly Point[]): number {
  const hull = convexHull(points);
  if (hull.length < 2) return 0;
  let most = 0;
  for (let i = 0, far = 1; i < hull.length; i++) {
    const from = hull[i] as Point;
    const to = hull[(i + 1) % hull.length] as Point;
    // The point furthest from an edge moves on as the edge does, never back.
    while (turn(from, to, hull[(far + 1) % hull.length] as Point) > turn(from, to, hull[far] as Point)) far = (far + 1) % hull.length;
    most = Math.max(most, distance(from, hull[far] as Point), distance(to, hull[far] as Point));
  }
  return most;
}

/** Counter-clockwise in a plane with y up, without points on its edges (Andrew's monotone chain). */
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

/** Twice the area of a triangle, positive when it turns from x to y. */
const turn = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
const distance = ([ax, ay]: Point, [bx, by]: Point): number => Math.hypot(ax - bx, ay - by);
