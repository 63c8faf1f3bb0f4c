import type { FieldPoint } from './field';

export { fillOutline } from '../../mask/fill-outline';

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
