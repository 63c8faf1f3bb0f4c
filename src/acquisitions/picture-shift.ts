import { ANALYSIS_SIZE } from '../frame';

/** The steps of the search, in cells of 256 × 256: the first looks everywhere, each further one around what the one before found. */
const STEPS = [8, 4, 2, 1] as const;
/** So far a picture may be shifted, as a share of the image area; what its inner half shows is then still in the picture. */
const FARTHEST = 0.25;
/** Of pictures that agree less, neither is the other one shifted. */
const ALIKE = 0.8;
const SIZE = ANALYSIS_SIZE;

/** Cells of 256 × 256 by which what a picture shows lies further right and down. */
export interface CellShift {
  readonly x: number;
  readonly y: number;
}

/** By how much the picture `next` shows what `first` does further right and down, by the correlation of the inner half of `first` (256 × 256 means). Null: it shows something else. */
export function pictureShift(first: Float32Array, next: Float32Array): CellShift | null {
  let best = { x: 0, y: 0, alike: 0 };
  for (const step of STEPS) {
    const [a, b] = [reduced(first, step), reduced(next, step)];
    const around = step === STEPS[0] ? (SIZE / step) * FARTHEST : step === STEPS[1] ? 2 : 1;
    best = bestShift(a, b, SIZE / step, { x: best.x / step, y: best.y / step }, around, step);
    if (best.alike < ALIKE) return null;
  }
  return { x: best.x, y: best.y };
}

function bestShift(
  a: Float32Array,
  b: Float32Array,
  size: number,
  from: CellShift,
  around: number,
  step: number,
): CellShift & { alike: number } {
  const farthest = size * FARTHEST;
  let best = { x: 0, y: 0, alike: -1 };
  for (let y = Math.max(-farthest, from.y - around); y <= Math.min(farthest, from.y + around); y++) {
    for (let x = Math.max(-farthest, from.x - around); x <= Math.min(farthest, from.x + around); x++) {
      const alike = correlation(a, b, size, y * size + x);
      if (alike > best.alike) best = { x: x * step, y: y * step, alike };
    }
  }
  return best;
}

/** Pearson's, of the inner half of `a` and what lies so many cells further on in `b`. */
function correlation(a: Float32Array, b: Float32Array, size: number, offset: number): number {
  const [from, to] = [size / 4, (3 * size) / 4];
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
  for (let row = from; row < to; row++) {
    for (let i = row * size + from; i < row * size + to; i++) {
      const [p, q] = [a[i] as number, b[i + offset] as number];
      sumA += p;
      sumB += q;
      squareA += p * p;
      squareB += q * q;
      product += p * q;
    }
  }
  const count = (to - from) ** 2;
  const spread = (squareA - (sumA * sumA) / count) * (squareB - (sumB * sumB) / count);
  return spread <= 0 ? 0 : (product - (sumA * sumB) / count) / Math.sqrt(spread);
}

/** Means of step × step cells. */
function reduced(image: Float32Array, step: number): Float32Array {
  if (step === 1) return image;
  const size = SIZE / step;
  const means = new Float32Array(size * size);
  for (let y = 0, i = 0; y < SIZE; y++) {
    const row = size * ((y - (y % step)) / step);
    for (let x = 0; x < SIZE; x += step) {
      let sum = 0;
      for (let k = 0; k < step; k++, i++) sum += image[i] as number;
      const cell = row + x / step;
      means[cell] = (means[cell] as number) + sum / (step * step);
    }
  }
  return means;
}
