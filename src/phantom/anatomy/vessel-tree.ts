import type { Random } from '../random';

// Local copies are faster in per-pixel loops.
const ceil = Math.ceil;
const hypot = Math.hypot;
const max = Math.max;
const min = Math.min;
const pow = Math.pow;
const round = Math.round;
const sin = Math.sin;
const sqrt = Math.sqrt;

/** x, y in the image, z towards the viewer, all in display pixels. */
export type Point3 = readonly [x: number, y: number, z: number];

export interface VesselPoint {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Path length from the tree's root, each part divided by its relative flow speed. */
  readonly delay: number;
}

/** One artery, from its parent to its end. */
export type Branch = readonly VesselPoint[];

export interface TreeShape {
  readonly root: Point3;
  /** Initial direction of the trunk; its length sets that of the first bend. */
  readonly heading: Point3;
  /** Points that must be reached. */
  readonly targets: readonly Point3[];
  /** Radius of the finest branches. */
  readonly tipRadius: number;
  /** 0 straight … 1 corkscrew. */
  readonly tortuosity: number;
  /** Exponent of Murray's law, 3 in theory: a vessel's radius to this power is the sum of its branches' radii to it. */
  readonly murray: number;
}

const STEP = 3;

/** An arterial tree grown by dividing its territory until every target has its own branch. */
export function vesselTree(random: Random, shape: TreeShape): readonly Branch[] {
  const branches: VesselPoint[][] = [];
  const radiusFor = (tips: number): number => shape.tipRadius * pow(tips, 1 / shape.murray);
  const trunk = radiusFor(shape.targets.length);

  const reach = (
    branch: VesselPoint[],
    from: Point3,
    heading: Point3,
    to: Point3,
    startRadius: number,
    endRadius: number,
    delay: number,
  ): number => {
    const span = hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
    const steps = max(2, ceil(span / STEP));
    const bend = (0.35 * span) / max(1e-6, hypot(heading[0], heading[1]));
    const c1: readonly [number, number] = [from[0] + heading[0] * bend, from[1] + heading[1] * bend];
    const c2: readonly [number, number] = [to[0] - (to[0] - c1[0]) * 0.35, to[1] - (to[1] - c1[1]) * 0.35];
    const sway = shape.tortuosity * min(span * 0.16, 18) * random.between(0.3, 1.3) * (random.chance(0.5) ? 1 : -1);
    const waves = max(1, round((span / random.between(40, 110)) * (0.5 + shape.tortuosity)));
    const normal: readonly [number, number] = [-(to[1] - from[1]) / max(1, span), (to[0] - from[0]) / max(1, span)];
    let travelled = delay;
    for (let s = branch.length ? 1 : 0; s <= steps; s++) {
      const t = s / steps;
      const u = 1 - t;
      const offset = sway * sin(Math.PI * waves * t) * (1 - 0.3 * t);
      const radius = startRadius + (endRadius - startRadius) * t;
      if (s > 0) travelled += span / steps / sqrt(max(0.05, radius / trunk));
      branch.push({
        x: u * u * u * from[0] + 3 * u * u * t * c1[0] + 3 * u * t * t * c2[0] + t * t * t * to[0] + offset * normal[0],
        y: u * u * u * from[1] + 3 * u * u * t * c1[1] + 3 * u * t * t * c2[1] + t * t * t * to[1] + offset * normal[1],
        radius,
        delay: travelled,
      });
    }
    return travelled;
  };

  const grow = (branch: VesselPoint[], from: Point3, heading: Point3, targets: readonly Point3[], delay: number): void => {
    const radius = radiusFor(targets.length);
    const only = targets[0] as Point3;
    if (targets.length === 1) return void reach(branch, from, heading, only, radius, radius * 0.55, delay);
    const centre = mean(targets);
    const share = random.between(0.28, 0.5);
    const jitter = 0.08 * hypot(centre[0] - from[0], centre[1] - from[1]);
    const fork: Point3 = [
      from[0] + (centre[0] - from[0]) * share + random.normal() * jitter,
      from[1] + (centre[1] - from[1]) * share + random.normal() * jitter,
      from[2] + (centre[2] - from[2]) * share,
    ];
    const arrived = reach(branch, from, heading, fork, radius, radius, delay);
    const [larger, smaller] = divide(random, targets, centre);
    const onward: Point3 = [fork[0] - from[0] + 0.2 * heading[0], fork[1] - from[1] + 0.2 * heading[1], fork[2] - from[2]];
    grow(branch, fork, onward, larger, arrived);
    const side: VesselPoint[] = [];
    branches.push(side);
    grow(side, fork, onward, smaller, arrived);
  };

  const first: VesselPoint[] = [];
  branches.push(first);
  grow(first, shape.root, shape.heading, shape.targets, 0);
  return branches;
}

function mean(places: readonly Point3[]): Point3 {
  const sum = [0, 0, 0];
  for (const place of places) for (let axis = 0; axis < 3; axis++) sum[axis]! += place[axis]! / places.length;
  return [sum[0]!, sum[1]!, sum[2]!];
}

/** Splits targets across their longest extent, somewhat off centre. */
function divide(random: Random, targets: readonly Point3[], centre: Point3): readonly [Point3[], Point3[]] {
  const spread = [0, 1, 2].map((axis) => targets.reduce((sum, place) => sum + (place[axis]! - centre[axis]!) ** 2, 0));
  const axis = spread.indexOf(max(...spread));
  const sorted = [...targets].sort((a, b) => a[axis]! - b[axis]!);
  const cut = min(sorted.length - 1, max(1, round(sorted.length * random.between(0.3, 0.7))));
  const [low, high] = [sorted.slice(0, cut), sorted.slice(cut)];
  return low.length > high.length ? [low, high] : [high, low];
}
