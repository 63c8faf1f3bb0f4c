import { addTo, blurLayer, emptyLayer, type Layer, tissueFilling } from '../contrast/layer';
import { paintVessels } from '../contrast/paint-vessels';
import type { Random } from '../random';
import { gridWindow, type FieldPoint, type Grid } from './field';
import type { Patient } from './patient';
import { roughness } from './roughness';
import type { VesselPoint } from './vessel-tree';

// Local copies are faster in per-pixel loops.
const cos = Math.cos;
const exp = Math.exp;
const max = Math.max;
const min = Math.min;
const sin = Math.sin;
const sqrt = Math.sqrt;

/** An oval organ. */
export interface Blob {
  readonly centre: FieldPoint;
  readonly radii: readonly [number, number];
  readonly tilt: number;
  readonly strength: number;
  /** 0: evenly filled … 1: only its wall. */
  readonly hollow: number;
  readonly wall: number;
}

/** The stain of an oval organ, solid or hollow. */
export function blobLayer(random: Random, patient: Patient, { centre, radii, tilt, strength, hollow, wall }: Blob, grid: Grid): Layer {
  const unit = patient.timing.washInSeconds;
  const layer = emptyLayer(grid, tissueFilling(unit * random.between(0.1, 0.22), unit * 2, unit * random.between(5, 20)));
  const edge = roughness(random, random.between(40, 90), 2);
  const lumps = roughness(random, random.between(10, 36), 3);
  const lumpiness = random.between(0.1, 0.45);
  const softness = random.between(2, 9);
  const arrives = unit * random.between(0.15, 0.38);
  const reach = max(...radii) * 1.3;
  const least = min(...radii);
  const [left, right, top, bottom] = gridWindow(grid, centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach);
  for (let j = top; j <= bottom; j++) {
    const y = (j + 0.5) * grid.stepY;
    for (let i = left; i <= right; i++) {
      const x = (i + 0.5) * grid.stepX;
      const u = ((x - centre[0]) * cos(tilt) + (y - centre[1]) * sin(tilt)) / radii[0];
      const v = ((y - centre[1]) * cos(tilt) - (x - centre[0]) * sin(tilt)) / radii[1];
      const depth = (1 - sqrt(u * u + v * v) + 0.16 * edge(x, y)) * least;
      const covered = 1 / (1 + exp((-2.2 * depth) / softness));
      if (covered < 0.01) continue;
      const lump = lumps(x, y);
      const filled = 1 - hollow / (1 + exp((1.5 * wall - depth - 5 * lump) / (0.3 * wall)));
      addTo(layer, j * grid.width + i, strength * covered * filled * max(0.05, 1 + lumpiness * lump), arrives + unit * 0.06 * lump);
    }
  }
  return blurLayer(layer, patient.look.pointSpread);
}

/** The stain of a bowel loop along a line. */
export function gutLayer(
  random: Random,
  patient: Patient,
  line: readonly FieldPoint[],
  radius: number,
  strength: number,
  grid: Grid,
): Layer {
  const unit = patient.timing.washInSeconds;
  const layer = emptyLayer(grid, tissueFilling(unit * random.between(0.08, 0.2), unit * 2, unit * random.between(4, 15)));
  const folds = random.between(0, 0.5);
  const waves = random.between(0.25, 0.6);
  const branch: VesselPoint[] = [];
  for (let i = 0; i + 1 < line.length; i++) {
    const [from, to] = [line[i]!, line[i + 1]!];
    for (let s = 0; s < 6; s++) {
      const t = s / 6;
      const width = radius * (1 + 0.22 * sin((i + t) * 2.1) + folds * 0.3 * sin((i * 6 + s) * waves * 4));
      branch.push({ x: from[0] + (to[0] - from[0]) * t, y: from[1] + (to[1] - from[1]) * t, radius: width, delay: (i + t) / line.length });
    }
  }
  const hollow = random.between(0.2, 0.9);
  const profile = (distance: number, r: number): number => {
    const share = distance / r;
    return share >= 1 ? 0 : min(1, (1 - share) * 5) * (1 - hollow * max(0, 1 - share * 1.5));
  };
  const arrives = unit * random.between(0.18, 0.4);
  paintVessels(layer, [branch], { density: strength, arrival: (delay) => arrives + 0.1 * unit * delay, profile });
  const lumps = roughness(random, random.between(9, 24), 3);
  for (let j = 0; j < grid.height; j++) {
    for (let i = 0; i < grid.width; i++) {
      const index = j * grid.width + i;
      if (layer.amount[index] === 0) continue;
      const lump = max(0.05, 1 + 0.35 * lumps((i + 0.5) * grid.stepX, (j + 0.5) * grid.stepY));
      layer.amount[index]! *= lump;
      layer.delayed[index]! *= lump;
    }
  }
  return blurLayer(layer, patient.look.pointSpread + random.between(1, 5));
}
