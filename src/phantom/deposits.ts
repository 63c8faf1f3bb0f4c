import type { FieldPoint, Grid } from './field';
import { irregularOutline } from './irregular-outline';
import { fillOutline, isInside, type Outline } from './outline';
import type { Patient } from './patient';
import type { Random } from './random';

/** Iodised oil of an earlier embolisation, in one patient of six: dense spots that subtraction removes unless they moved. */
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
