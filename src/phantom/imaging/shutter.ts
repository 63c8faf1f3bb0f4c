import { FIELD_HEIGHT, FIELD_WIDTH, type FieldPoint, type Grid, type Outline } from '../anatomy/field';
import type { Random } from '../random';

// Local copies are faster in per-pixel loops.
const max = Math.max;
const min = Math.min;
const sqrt = Math.sqrt;

/** The collimator: the open part of the field, and the grey level of the rest. */
export interface Shutter {
  /** Convex, in display pixels, within the field, clockwise on the screen. */
  readonly outline: Outline;
  /** Distance from the edge of the open part in display pixels, positive inside. */
  depth(x: number, y: number): number;
  /** Display pixels over which the edge fades. */
  readonly softness: number;
  readonly grey: number;
}

/** Draws a collimator: wide open, with straight blades, or round. */
export function drawShutter(random: Random): Shutter {
  const kind = random.pick(['none', 'none', 'blades', 'blades', 'round'] as const);
  const softness = random.between(1, 5);
  const blade = (): number => (random.chance(0.6) ? random.between(4, 60) : -20);
  const [left, right, top, bottom] = [blade(), FIELD_WIDTH - blade(), blade(), FIELD_HEIGHT - blade()];
  const radius = random.between(520, 590);
  const [cx, cy] = [random.between(495, 525), random.between(380, 410)];
  const grey = random.pick([0, 4, 12, 30, 60, 100]);
  if (kind === 'none') return { outline: box(0, FIELD_WIDTH, 0, FIELD_HEIGHT), depth: () => Infinity, softness, grey };
  if (kind === 'blades') {
    const outline = box(max(0, left), min(FIELD_WIDTH, right), max(0, top), min(FIELD_HEIGHT, bottom));
    return { outline, depth: (x, y) => min(x - left, right - x, y - top, bottom - y), softness, grey };
  }
  const circle = Array.from({ length: 72 }, (_, i): FieldPoint => {
    const angle = (2 * Math.PI * i) / 72;
    return [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)];
  });
  const outline = clipped(circle, box(0, FIELD_WIDTH, 0, FIELD_HEIGHT));
  return { outline, depth: (x, y) => radius - sqrt((x - cx) ** 2 + (y - cy) ** 2), softness, grey };
}

const box = (left: number, right: number, top: number, bottom: number): Outline => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

/** The share of radiation that reaches each pixel, 0…1; null when the collimator is wide open. */
export function openShare({ depth, softness }: Shutter, grid: Grid): Float32Array | null {
  if (depth(0, 0) === Infinity) return null;
  const open = new Float32Array(grid.width * grid.height);
  for (let j = 0; j < grid.height; j++)
    for (let i = 0; i < grid.width; i++)
      open[j * grid.width + i] = min(1, max(0, 0.5 + depth((i + 0.5) * grid.stepX, (j + 0.5) * grid.stepY) / softness));
  return open;
}

/** The part of an outline inside a convex one (Sutherland and Hodgman, 1974). */
export function clipped(outline: Outline, convex: Outline): Outline {
  let left = outline;
  convex.forEach(([ax, ay], n) => {
    const [bx, by] = convex[(n + 1) % convex.length] as FieldPoint;
    const side = ([x, y]: FieldPoint): number => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    const kept: FieldPoint[] = [];
    left.forEach((point, i) => {
      const before = left[(i + left.length - 1) % left.length] as FieldPoint;
      const [here, there] = [side(point), side(before)];
      if (here >= 0 !== there >= 0) {
        const share = there / (there - here);
        kept.push([before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])]);
      }
      if (here >= 0) kept.push(point);
    });
    left = kept;
  });
  return left;
}
