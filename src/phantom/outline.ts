import type { FieldPoint, Grid } from './field';

// Looked up once: these run per pixel.
const ceil = Math.ceil;
const max = Math.max;
const min = Math.min;

/** A closed line in the field; the first point is not repeated. */
export type Outline = readonly FieldPoint[];

/** A smooth closed line through the given points (Catmull-Rom), `steps` points to each side. */
export function smoothOutline(points: Outline, steps: number): Outline {
  const result: FieldPoint[] = [];
  const at = (i: number): FieldPoint => points[(i + points.length) % points.length] as FieldPoint;
  for (let i = 0; i < points.length; i++) {
    const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let s = 0; s < steps; s++) {
      const t = s / steps;
      const curve = (a: number, b: number, c: number, d: number): number =>
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
      result.push([curve(p0[0], p1[0], p2[0], p3[0]), curve(p0[1], p1[1], p2[1], p3[1])]);
    }
  }
  return result;
}

/** Even-odd rule. */
export function isInside(outline: Outline, x: number, y: number): boolean {
  let inside = false;
  let [px, py] = outline[outline.length - 1] as FieldPoint;
  for (const [qx, qy] of outline) {
    if (qy > y !== py > y && x < ((px - qx) * (y - qy)) / (py - qy) + qx) inside = !inside;
    [px, py] = [qx, qy];
  }
  return inside;
}

/** Calls `paint` for every grid pixel whose centre lies inside, row by row. */
export function fillOutline(grid: Grid, outline: Outline, paint: (index: number) => void): void {
  for (let j = 0; j < grid.height; j++) {
    const y = (j + 0.5) * grid.stepY;
    const crossings: number[] = [];
    let [px, py] = outline[outline.length - 1] as FieldPoint;
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
