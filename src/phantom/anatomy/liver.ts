import { addTo, blurLayer, emptyLayer, type Layer, tissueFilling } from '../contrast/layer';
import { blur } from '../imaging/blur';
import type { Random } from '../random';
import { type FieldPoint, fillOutline, type Grid, type Outline, smoothOutline } from './field';
import type { Patient } from './patient';
import { roughness } from './roughness';

// Local copies are faster in per-pixel loops.
const exp = Math.exp;
const log = Math.log;
const max = Math.max;

/** Dome, left lobe, hilum, tip of the right lobe, in shares of the patient's liver rectangle. */
const SHAPE: Outline = [
  [0.02, 0.5],
  [0.05, 0.26],
  [0.17, 0.08],
  [0.34, 0.0],
  [0.5, 0.05],
  [0.64, 0.12],
  [0.84, 0.13],
  [1.0, 0.24],
  [0.95, 0.37],
  [0.8, 0.46],
  [0.66, 0.55],
  [0.54, 0.68],
  [0.42, 0.85],
  [0.26, 1.0],
  [0.1, 0.95],
  [0.03, 0.74],
];

export function liverOutline(random: Random, patient: Patient): Outline {
  const { left, top, right, bottom } = patient.body.liver;
  const leftLobe = random.between(0.45, 1.15);
  const points = SHAPE.map(([x, y]): FieldPoint => {
    const stretched = x > 0.6 ? 0.6 + (x - 0.6) * leftLobe : x;
    return [left + (right - left) * (stretched + random.normal() * 0.028), top + (bottom - top) * (y + random.normal() * 0.03)];
  });
  return smoothOutline(points, 8);
}

/** The parenchymal stain: patchy, perfused by segments, and one-sided after a selective injection. */
export function liverLayer(random: Random, patient: Patient, outline: Outline, grid: Grid): Layer {
  const { washInSeconds } = patient.timing;
  const layer = emptyLayer(
    grid,
    tissueFilling(washInSeconds * random.between(0.14, 0.24), washInSeconds * 2, washInSeconds * random.between(6, 20)),
  );
  const shape = new Float32Array(grid.width * grid.height);
  fillOutline(grid, outline, (index) => void (shape[index] = 1));
  blur(shape, grid, random.between(4, 22));
  const stain = patient.look.contrast * exp(random.between(log(3), log(20)));
  const nodules = roughness(random, random.between(14, 34), 3);
  const segments = roughness(random, random.between(110, 200), 2);
  const nodularity = random.between(0.05, 0.32);
  const patchiness = random.between(0.1, 0.5);
  const border = patient.body.hilum[0] + random.between(-40, 40);
  const { side } = patient;
  for (let j = 0; j < grid.height; j++) {
    const y = (j + 0.5) * grid.stepY;
    for (let i = 0; i < grid.width; i++) {
      const index = j * grid.width + i;
      const covered = shape[index]!;
      if (covered < 0.01) continue;
      const x = (i + 0.5) * grid.stepX;
      const fed = side === 0 ? 1 : 0.12 + 0.88 / (1 + exp((-side * (x - border + 0.25 * (y - 300))) / 28));
      const piece = segments(x, y);
      const amount = stain * covered * fed * max(0.1, 1 + nodularity * nodules(x, y) + patchiness * piece);
      addTo(layer, index, amount, washInSeconds * (0.28 + 0.1 * piece));
    }
  }
  return blurLayer(layer, patient.look.pointSpread);
}
