import { ANALYSIS_SIZE, type Frame } from '../frame';
import { noiseSigns } from './noise-signs';

/** Steps of the search, in cells of 256 × 256: the first covers everything, the others refine the best match so far. */
const STEPS = [8, 4, 2, 1] as const;
/** Farthest shift, as a share of the image area: the inner half is then still in the picture. */
const FARTHEST = 0.25;
/** Least correlation of a shifted picture. */
const LEAST_CORRELATION = 0.8;
const SIZE = ANALYSIS_SIZE;

/** Shift of the content to the right and down, in cells of 256 × 256. */
export interface CellShift {
  readonly x: number;
  readonly y: number;
}

/**
 * How far `next` shows the content of `first` shifted, by correlation of its inner half (256 × 256 means). Null:
 * different content.
 */
export function pictureShift(first: Float32Array, next: Float32Array): CellShift | null {
  let best = { x: 0, y: 0, match: 0 };
  for (const step of STEPS) {
    const [a, b] = [reduced(first, step), reduced(next, step)];
    const around = step === STEPS[0] ? (SIZE / step) * FARTHEST : step === STEPS[1] ? 2 : 1;
    best = bestShift(a, b, SIZE / step, { x: best.x / step, y: best.y / step }, around, step);
    if (best.match < LEAST_CORRELATION) return null;
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
): CellShift & { match: number } {
  const farthest = size * FARTHEST;
  let best = { x: 0, y: 0, match: -1 };
  for (let y = Math.max(-farthest, from.y - around); y <= Math.min(farthest, from.y + around); y++) {
    for (let x = Math.max(-farthest, from.x - around); x <= Math.min(farthest, from.x + around); x++) {
      const match = correlation(a, b, size, y * size + x);
      if (match > best.match) best = { x: x * step, y: y * step, match };
    }
  }
  return best;
}

/** Pearson's correlation of the inner half of `a` with the cells at that offset in `b`. */
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

/** Offsets to try, in quarters of a cell, around a shift that is known to half a cell. */
const QUARTERS = [-2, -1, 0, 1, 2];

/** Inner cells along a side: they stay in the picture at any shift. */
const INNER = 64;
const FIRST = (SIZE - INNER) / 2;
const WORD = 32;
/** Local copies: looking up a global for every pixel costs more than the arithmetic. */
const floor = Math.floor;
const max = Math.max;
const min = Math.min;
const round = Math.round;

/** The noise signs of the inner cells. */
export function innerSigns(signs: Uint32Array): Uint32Array {
  const words = INNER / WORD;
  const inner = new Uint32Array(INNER * words);
  for (let row = 0; row < INNER; row++) {
    const from = ((FIRST + row) * SIZE + FIRST) / WORD;
    inner.set(signs.subarray(from, from + words), row * words);
  }
  return inner;
}

/**
 * Noise signs of the inner cells of a picture (256 × 256 means) as they appear in a frame (`averages`: its means) that
 * shows the picture shifted, for offsets around the shift. Nothing if it is shifted by less than `least` cells, or not
 * at all.
 */
export function* shiftedSigns(frame: Frame, averages: Float32Array, picture: Float32Array, least = 0): Generator<Uint32Array> {
  const shift = pictureShift(picture, averages);
  if (!shift || Math.abs(shift.x) + Math.abs(shift.y) < least) return;
  const { width, height } = frame.imageArea;
  for (const down of places(shift.y, height)) {
    for (const right of places(shift.x, width)) {
      const sums = innerSums(frame, right, down);
      const signs = sums && noiseSigns(sums);
      if (signs) yield signs;
    }
  }
}

/** Shifts along an axis to try, in captured pixels. */
function places(cells: number, length: number): number[] {
  const step = Math.max(1, round(length / SIZE / 4));
  return QUARTERS.map((quarter) => round((cells * length) / SIZE) + quarter * step);
}

/**
 * Sums of the inner cells of an image shifted by so many captured pixels; a pixel cut by a border counts with its
 * share. Null: they are not wholly in the picture.
 */
function innerSums({ pixels, luma, width, height, imageArea }: Frame, right: number, down: number): Float32Array | null {
  const [x, y] = [imageArea.x + right, imageArea.y + down];
  const [across, along] = [imageArea.width / SIZE, imageArea.height / SIZE];
  const [left, end] = [floor(x + FIRST * across), Math.ceil(x + (FIRST + INNER) * across)];
  if (left < 0 || end > width || y + FIRST * along < 0 || y + (FIRST + INNER) * along > height) return null;
  const values = luma?.values ?? pixels;
  const line = new Float32Array(end - left + 1);
  const sums = new Float32Array(INNER * INNER);
  for (let row = 0, cell = 0; row < INNER; row++) {
    const top = y + (FIRST + row) * along;
    line.fill(0);
    for (let at = floor(top); at < top + along; at++) {
      const share = min(at + 1, top + along) - max(at, top);
      for (let i = at * width + left, column = 0; column < end - left; i++, column++)
        line[column] = (line[column] as number) + share * (values[i] as number);
    }
    for (let column = 0; column < INNER; column++, cell++) {
      const from = x + (FIRST + column) * across - left;
      let sum = 0;
      for (let at = floor(from); at < from + across; at++) sum += (min(at + 1, from + across) - max(at, from)) * (line[at] as number);
      sums[cell] = sum;
    }
  }
  return sums;
}
