import { emptyLayer } from '../contrast/layer';
import { paintVessels } from '../contrast/paint-vessels';
import { blur } from '../imaging/blur';
import type { Random } from '../random';
import {
  FIELD_HEIGHT,
  FIELD_WIDTH,
  type FieldPoint,
  fillOutline,
  type Grid,
  irregularOutline,
  isInside,
  type Outline,
  smoothOutline,
} from './field';
import type { Patient } from './patient';
import { roughness } from './roughness';
import type { VesselPoint } from './vessel-tree';

/**
 * Iodised oil of an earlier embolisation, in one patient of six: dense spots, which subtraction removes unless they
 * move.
 */
export function drawDeposits(random: Random, { body }: Patient, liver: Outline, gain: number, grid: Grid, map: Float32Array): void {
  if (!random.chance(0.17)) return;
  const spots = random.integer(1, 5);
  for (let n = 0; n < spots; n++) {
    const centre: FieldPoint = [random.between(body.liver.left, body.hilum[0]), random.between(body.liver.top, body.liver.bottom)];
    const outline = irregularOutline(random, centre, random.between(2, 26));
    const strength = gain * random.between(15, 60);
    if (isInside(liver, ...centre)) fillOutline(grid, outline, (index) => void (map[index]! += strength));
  }
}

// Local copies are faster in per-pixel loops.
const abs = Math.abs;
const cos = Math.cos;
const exp = Math.exp;
const max = Math.max;
const min = Math.min;
const sin = Math.sin;

/** Anatomy without contrast, in grey levels of darkening. Subtraction removes it, except where it moves. */
export interface Anatomy {
  /** Moves with the body. */
  readonly bones: Float32Array;
  /** Moves with the breath. */
  readonly viscera: Float32Array;
  /** Moves with heart and bowel. */
  readonly gas: Float32Array;
}

export function drawAnatomy(random: Random, patient: Patient, liver: Outline, grid: Grid): Anatomy {
  const gain = patient.look.anatomy;
  return {
    bones: drawBones(random.fork('bones'), patient, gain, grid),
    viscera: drawViscera(random.fork('viscera'), patient, liver, gain, grid),
    gas: drawGas(random.fork('gas'), patient, gain, grid),
  };
}

function drawBones(random: Random, { body }: Patient, gain: number, grid: Grid): Float32Array {
  const layer = emptyLayer(grid, () => 1);
  const arcs: VesselPoint[][] = [];
  const spacing = random.between(85, 120);
  const slope = random.between(0.25, 0.6);
  for (let side = -1; side <= 1; side += 2) {
    for (let y0 = random.between(-160, -90); y0 < FIELD_HEIGHT; y0 += spacing * random.between(0.9, 1.1)) {
      const arc: VesselPoint[] = [];
      const length = random.between(420, 640);
      const radius = random.between(13, 19);
      for (let s = 0; s <= 40; s++) {
        const t = s / 40;
        arc.push({
          x: body.spineX + side * (45 + length * t),
          y: y0 + length * (slope * t + 0.35 * t * t * t),
          radius: radius * (1 - 0.25 * t),
          delay: 0,
        });
      }
      arcs.push(arc);
    }
  }
  const cortex = (distance: number, radius: number): number =>
    distance >= radius ? 0 : 0.7 * min(1, (radius - distance) / 5) + 0.8 * exp(-(((radius - distance - 4) / 3) ** 2));
  paintVessels(layer, arcs, { density: gain * random.between(10, 24), arrival: () => 0, profile: cortex });
  const tall = random.between(72, 96);
  const half = random.between(42, 58);
  const phase = random.between(0, tall);
  const strength = gain * random.between(40, 80);
  const grainy = roughness(random, 9, 2);
  for (let j = 0; j < grid.height; j++) {
    const y = (j + 0.5) * grid.stepY;
    const within = ((y + phase) % tall) / tall;
    const disc = within < 0.14 ? 0.45 : within < 0.19 || within > 0.95 ? 1.35 : 1;
    for (let i = 0; i < grid.width; i++) {
      const x = (i + 0.5) * grid.stepX;
      const off = abs(x - body.spineX) / (half * (0.92 + 0.12 * abs(within - 0.57)));
      if (off > 1.25) continue;
      const wall = 1 / (1 + exp((off - 1) * 28));
      const pedicle = exp(-(((off - 0.6) / 0.15) ** 2) - ((within - 0.38) / 0.1) ** 2);
      layer.amount[j * grid.width + i]! += strength * wall * (disc + 0.5 * pedicle + 0.08 * grainy(x, y));
    }
  }
  blur(layer.amount, grid, 2.4);
  return layer.amount;
}

function drawViscera(random: Random, patient: Patient, liver: Outline, gain: number, grid: Grid): Float32Array {
  const { body, look } = patient;
  const map = new Float32Array(grid.width * grid.height);
  const dome = [...liver].filter(([, y]) => y < body.liver.top + 0.32 * (body.liver.bottom - body.liver.top)).sort((a, b) => a[0] - b[0]);
  const left = dome[0] ?? [0, 0];
  const right = dome[dome.length - 1] ?? [FIELD_WIDTH, 0];
  const lung: FieldPoint[] = [
    [-40, -40],
    [-40, left[1] + 240],
    [left[0] - 12, left[1] + 40],
    ...dome.map(([x, y]): FieldPoint => [x, y - 7]),
    [right[0] + 60, right[1] - random.between(0, 40)],
    [FIELD_WIDTH - 160, random.between(70, 170)],
    [FIELD_WIDTH + 40, random.between(160, 330)],
    [FIELD_WIDTH + 40, -40],
  ];
  const smooth = smoothOutline(lung, 4);
  const air = -gain * random.between(35, 80);
  fillOutline(grid, smooth, (index) => void (map[index] = air));
  const tissue = gain * random.between(4, 14);
  fillOutline(grid, liver, (index) => void (map[index]! += tissue));
  blur(map, grid, random.between(2, 5));
  const markings = roughness(random, random.between(10, 40), 4);
  drawDeposits(random.fork('deposits'), patient, liver, gain, grid, map);
  for (let j = 0; j < grid.height; j++) {
    for (let i = 0; i < grid.width; i++) {
      const index = j * grid.width + i;
      const inLung = max(0, min(1, map[index]! / air));
      map[index]! += markings((i + 0.5) * grid.stepX, (j + 0.5) * grid.stepY) * gain * (look.mottle + 7 * inLung);
    }
  }
  return map;
}

function drawGas(random: Random, { body }: Patient, gain: number, grid: Grid): Float32Array {
  const map = new Float32Array(grid.width * grid.height);
  const bubbles = random.integer(2, 9);
  for (let n = 0; n < bubbles; n++) {
    const low = random.chance(0.6);
    const centre: FieldPoint = low
      ? [random.between(150, 980), random.between(540, 780)]
      : [random.between(body.spineX + 60, 990), random.between(180, 480)];
    const [a, b] = [random.between(16, 70), random.between(12, 46)];
    const bumps = random.integer(3, 6);
    const tilt = random.between(0, 3.1);
    const outline = Array.from({ length: 40 }, (_, i): FieldPoint => {
      const angle = (i / 40) * 2 * Math.PI;
      const haustra = 1 + 0.14 * cos(bumps * angle + tilt);
      const [u, v] = [a * haustra * cos(angle), b * haustra * sin(angle)];
      return [centre[0] + u * cos(tilt) - v * sin(tilt), centre[1] + u * sin(tilt) + v * cos(tilt)];
    });
    const strength = -gain * random.between(12, 45);
    fillOutline(grid, outline, (index) => void (map[index]! += strength));
  }
  if (random.chance(0.7)) {
    const heart: FieldPoint[] = [
      [body.spineX - 40, -60],
      [body.spineX + 30, random.between(60, 130)],
      [body.spineX + 160, random.between(100, 190)],
      [body.spineX + random.between(220, 300), 40],
      [body.spineX + 260, -60],
    ];
    const strength = gain * random.between(15, 45);
    fillOutline(grid, smoothOutline(heart, 8), (index) => void (map[index]! += strength));
  }
  blur(map, grid, random.between(1.8, 4));
  return map;
}
