import { FIELD_HEIGHT, FIELD_WIDTH, fieldGrid, type Grid } from '../anatomy/field';
import { seededRandom, type Random } from '../random';
import { blur, gaussianKernel } from './blur';

// Local copies are faster in per-pixel loops.
const ceil = Math.ceil;
const cos = Math.cos;
const log = Math.log;
const min = Math.min;
const round = Math.round;
const sin = Math.sin;
const sqrt = Math.sqrt;

const SIDE = 1024;
const pools = new Map<string, Float32Array>();

/** A toroidal pool of unit noise with the given grain in pixels, cached; images use it at random offsets. */
function noisePool(grain: number): Float32Array {
  const key = grain.toFixed(3);
  const known = pools.get(key);
  if (known) return known;
  const random = seededRandom(20260);
  const pool = new Float32Array(SIDE * SIDE);
  for (let i = 0; i < pool.length; i += 2) {
    const radius = sqrt(-2 * log(1 - random.uniform()));
    const angle = 2 * Math.PI * random.uniform();
    pool[i] = radius * cos(angle);
    pool[i + 1] = radius * sin(angle);
  }
  if (grain > 0) {
    blur(pool, { width: SIDE, height: SIDE, stepX: 1, stepY: 1 }, grain);
    const gain = 1 / gaussianKernel(grain).reduce((sum, weight) => sum + weight * weight, 0);
    for (let i = 0; i < pool.length; i++) pool[i]! *= gain;
  }
  pools.set(key, pool);
  return pool;
}

/** The share of the noise of one display pixel that remains after averaging over a grid pixel, along one axis. */
function remainingShare(grain: number, step: number): number {
  const kernel = grain > 0 ? gaussianKernel(grain) : Float32Array.of(1);
  const fine = 8;
  const combined = new Float32Array(fine * ceil(kernel.length + step + 2));
  const box = round(step * fine);
  for (let k = 0; k < kernel.length; k++)
    for (let f = 0; f < fine; f++) for (let b = 0; b < box; b++) combined[k * fine + f + b]! += kernel[k]! / fine / box;
  // Noise is constant within a display pixel: the contribution of each, averaged over the box's position.
  let variance = 0;
  for (let phase = 0; phase < fine; phase++)
    for (let i = phase; i < combined.length; i += fine) variance += (combined[i]! * fine) ** 2 / fine;
  const own = kernel.reduce((sum, weight) => sum + weight * weight, 0);
  return sqrt(min(1, variance / own));
}

export interface QuantumNoise {
  /** Adds fresh noise, `strength` standard deviations of `sigma[i]` at pixel i. */
  add(into: Float32Array, sigma: Float32Array, strength: number, random: Random): void;
}

/** Quantum noise as in a full-size image that is area-averaged to the grid. `grain` in display pixels. */
export function quantumNoise(grid: Grid, grain: number): QuantumNoise {
  const fullSize = grid.width >= FIELD_WIDTH;
  const pool = noisePool(fullSize ? grain : 0);
  const scale = fullSize ? 1 : remainingShare(grain, grid.stepX) * remainingShare(grain, grid.stepY);
  return {
    add: (into, sigma, strength, random) => {
      const factor = (strength * scale) / Math.SQRT2;
      const [ax, ay, bx, by] = [0, 0, 0, 0].map(() => random.integer(0, SIDE - 1)) as [number, number, number, number];
      for (let y = 0; y < grid.height; y++) {
        const rowA = ((y + ay) & (SIDE - 1)) * SIDE;
        const rowB = ((by - y) & (SIDE - 1)) * SIDE;
        const row = y * grid.width;
        for (let x = 0; x < grid.width; x++) {
          into[row + x]! += factor * sigma[row + x]! * (pool[rowA + ((x + ax) & (SIDE - 1))]! + pool[rowB + ((bx - x) & (SIDE - 1))]!);
        }
      }
    },
  };
}

/** The share of display-pixel noise that remains on a grid. */
export function remainingNoise(width: number, height: number, grain: number): number {
  const grid = fieldGrid(width, height);
  return width >= FIELD_WIDTH && height >= FIELD_HEIGHT ? 1 : remainingShare(grain, grid.stepX) * remainingShare(grain, grid.stepY);
}
