import { addTo, blurLayer, emptyLayer, type Layer, tissueFilling } from '../contrast/layer';
import type { Random } from '../random';
import { DIRECTIONS, type FieldPoint, type Grid, gridWindow, irregularOutline, isInside, type Outline } from './field';
import type { Patient } from './patient';
import { roughness } from './roughness';
import type { Point3 } from './vessel-tree';

// Local copies are faster in per-pixel loops.
const atan2 = Math.atan2;
const cos = Math.cos;
const exp = Math.exp;
const floor = Math.floor;
const hypot = Math.hypot;
const log = Math.log;
const max = Math.max;
const min = Math.min;
const round = Math.round;
const sin = Math.sin;
const sqrt = Math.sqrt;

export interface Tumour {
  readonly centre: FieldPoint;
  readonly diameter: number;
  /** Hypovascular (28 % in the paper): faint and blurred. */
  readonly poor: boolean;
  readonly outline: Outline;
}

/** Places tumours inside the liver and in view, 6.5 to 217 pixels across, 69 on average (paper, section 3). */
export function drawTumours(
  random: Random,
  patient: Patient,
  liver: Outline,
  inView: (x: number, y: number) => boolean,
): readonly Tumour[] {
  const tumours: Tumour[] = [];
  const xs = liver.map(([x]) => x);
  const ys = liver.map(([, y]) => y);
  for (let n = 0; n < patient.tumours.count; n++) {
    const own = random.fork(`tumour ${n}`);
    let diameter = min(217, max(6.5, 57 * exp(own.normal() * 0.72)));
    const poor = own.chance(patient.tumours.poorShare);
    for (let attempt = 0; attempt < 80; attempt++) {
      const centre: FieldPoint = [own.between(min(...xs), max(...xs)), own.between(min(...ys), max(...ys))];
      if (attempt % 12 === 11) diameter = max(6.5, diameter * 0.85);
      const outline = irregularOutline(own.fork(`outline ${attempt}`), centre, diameter / 2);
      const fits = outline.every(([x, y], i) => i % 3 > 0 || (inView(x, y) && isInside(liver, x, y)));
      const free = tumours.every(
        (other) => hypot(other.centre[0] - centre[0], other.centre[1] - centre[1]) > 0.55 * (other.diameter + diameter),
      );
      if (!fits || !free) continue;
      tumours.push({ centre, diameter, poor, outline });
      break;
    }
  }
  return tumours;
}

/** Where the arteries of a tumour end: inside it and around its rim. */
export function feedingTargets(random: Random, tumour: Tumour): readonly Point3[] {
  const count = tumour.poor ? 2 : round(3 + tumour.diameter / random.between(9, 22));
  return Array.from({ length: count }, (): Point3 => {
    const reach = (tumour.diameter / 2) * random.between(0.35, 1.08);
    const angle = random.between(0, 2 * Math.PI);
    return [tumour.centre[0] + reach * cos(angle), tumour.centre[1] + reach * sin(angle), random.between(-40, 40)];
  });
}

/**
 * The blush of one tumour: it spreads from the inside or from the rim, and its border sharpens as the last parts fill.
 */
export function tumourLayer(random: Random, patient: Patient, tumour: Tumour, grid: Grid): Layer {
  const { washInSeconds } = patient.timing;
  const layer = emptyLayer(
    grid,
    tissueFilling(washInSeconds * random.between(0.09, 0.2), washInSeconds * 2, washInSeconds * random.between(5, 25)),
  );
  const radius = tumour.diameter / 2;
  const strength = patient.look.contrast * (tumour.poor ? random.between(5, 13) : exp(random.between(log(15), log(60))));
  const softness = tumour.poor ? 3 + radius * random.between(0.08, 0.2) : 1 + min(6, radius * random.between(0.02, 0.12));
  const lumps = roughness(random, max(7, radius * random.between(0.25, 0.6)), 3);
  const lumpiness = random.between(0.08, 0.4);
  const rim = random.chance(0.35) ? random.between(0.2, 0.9) : 0;
  const rimWidth = 2 + radius * random.between(0.06, 0.18);
  const necrosis = radius > 28 && random.chance(0.35) ? random.between(0.3, 0.85) : 0;
  const necrosisSize = random.between(0.3, 0.62);
  const arrives = washInSeconds * random.between(0.16, 0.32);
  const spread = washInSeconds * random.between(0.05, 0.3) * (random.chance(0.7) ? 1 : -1);
  const [cx, cy] = tumour.centre;
  const reaches = tumour.outline.map(([x, y]) => hypot(x - cx, y - cy));
  const margin = radius * 0.8 + 4 * softness + 6;
  const [left, right, top, bottom] = gridWindow(
    grid,
    cx - radius - margin,
    cy - radius - margin,
    cx + radius + margin,
    cy + radius + margin,
  );
  for (let j = top; j <= bottom; j++) {
    const y = (j + 0.5) * grid.stepY;
    for (let i = left; i <= right; i++) {
      const x = (i + 0.5) * grid.stepX;
      const turn = ((atan2(y - cy, x - cx) / (2 * Math.PI)) * DIRECTIONS + DIRECTIONS) % DIRECTIONS;
      const before = floor(turn);
      const reach = reaches[before % DIRECTIONS]! + (turn - before) * (reaches[(before + 1) % DIRECTIONS]! - reaches[before % DIRECTIONS]!);
      const distance = sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy));
      const depth = reach - distance;
      const covered = 1 / (1 + exp((-2.2 * depth) / softness));
      if (covered < 0.01) continue;
      const share = distance / reach;
      const lump = lumps(x, y);
      const ring = rim * exp(-(((depth - rimWidth) / rimWidth) ** 2));
      const dead = necrosis / (1 + exp((share - necrosisSize - 0.12 * lump) * 14));
      const amount = strength * covered * max(0.05, 1 + lumpiness * lump + ring - dead);
      addTo(layer, j * grid.width + i, amount, arrives + spread * (spread > 0 ? share * share : share - 1) + 0.05 * washInSeconds * lump);
    }
  }
  return blurLayer(layer, patient.look.pointSpread);
}
