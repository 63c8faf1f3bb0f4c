import type { Grid } from '../../mask/polygon';
import type { Random } from '../random';

export type { Grid } from '../../mask/polygon';

// Local copies are faster in per-pixel loops.
const ceil = Math.ceil;
const floor = Math.floor;
const max = Math.max;
const min = Math.min;

/** The size of a clinical DSA image in display pixels (paper, section 3); all anatomy is laid out in these units. */
export const FIELD_WIDTH = 1021;
export const FIELD_HEIGHT = 788;

/** x, y in display pixels of a FIELD_WIDTH × FIELD_HEIGHT image. */
export type FieldPoint = readonly [x: number, y: number];

/** A grid over the whole field. */
export function fieldGrid(width: number, height: number): Grid {
  return { width, height, stepX: FIELD_WIDTH / width, stepY: FIELD_HEIGHT / height };
}

/** The part of a grid that a rectangle of the field touches: first and last column, first and last row. */
export function gridWindow(
  grid: Grid,
  left: number,
  top: number,
  right: number,
  bottom: number,
): readonly [number, number, number, number] {
  return [
    max(0, floor(left / grid.stepX - 0.5)),
    min(grid.width - 1, ceil(right / grid.stepX - 0.5)),
    max(0, floor(top / grid.stepY - 0.5)),
    min(grid.height - 1, ceil(bottom / grid.stepY - 0.5)),
  ];
}

export { fillOutline } from '../../mask/polygon';

/** A closed line in the field; the first point is not repeated. */
export type Outline = readonly FieldPoint[];

/** A smooth closed line through the given points (Catmull-Rom spline), `steps` points for each side. */
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

/** Points of an irregular outline, at equal angles. */
export const DIRECTIONS = 96;

/** A lumpy, roughly oval outline about `radius` display pixels from its centre. */
export function irregularOutline(random: Random, [cx, cy]: FieldPoint, radius: number): Outline {
  const irregularity = random.between(0.02, 0.16);
  const squeeze = Math.exp(random.normal() * 0.13);
  const tilt = random.between(0, Math.PI);
  const waves = Array.from({ length: 9 }, (_, i) => ({
    order: i + 2,
    size: (irregularity * random.normal()) / Math.pow(i + 1, 0.8),
    phase: random.between(0, 6.3),
  }));
  return Array.from({ length: DIRECTIONS }, (_, i): FieldPoint => {
    const angle = (2 * Math.PI * i) / DIRECTIONS;
    const wobble = waves.reduce((sum, wave) => sum + wave.size * Math.cos(wave.order * angle + wave.phase), 1);
    const oval = Math.sqrt((Math.cos(angle - tilt) * squeeze) ** 2 + (Math.sin(angle - tilt) / squeeze) ** 2);
    const reach = radius * Math.max(0.4, wobble) * oval;
    return [cx + reach * Math.cos(angle), cy + reach * Math.sin(angle)];
  });
}
