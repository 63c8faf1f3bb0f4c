import { ANALYSIS_SIZE, type Frame } from '../frame';
import { noiseSigns } from './noise-signs';

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

/** Around a shift that is known to within half a cell, quarters of a cell are tried, so many on either side. */
const QUARTERS = [-2, -1, 0, 1, 2];

const CELLS = ANALYSIS_SIZE;
/** The inner cells: 64 × 64, of which no part leaves the picture. */
const INNER = 64;
const FIRST = (CELLS - INNER) / 2;
const WORD = 32;
/** Held here: a global looked up per pixel costs more than the arithmetic. */
const floor = Math.floor;
const max = Math.max;
const min = Math.min;
const round = Math.round;

/** Of the noise signs of a picture, those of its inner cells. */
export function innerSigns(signs: Uint32Array): Uint32Array {
  const words = INNER / WORD;
  const inner = new Uint32Array(INNER * words);
  for (let row = 0; row < INNER; row++) {
    const from = ((FIRST + row) * CELLS + FIRST) / WORD;
    inner.set(signs.subarray(from, from + words), row * words);
  }
  return inner;
}

/**
 * The noise signs of what lies in a frame where a picture (256 × 256 means) has its inner cells, if the frame (its means: `averages`) shows the same in another place: by the shift to
 * within a cell, and around it. `least`: cells by which it must be shifted.
 */
export function* shiftedSigns(frame: Frame, averages: Float32Array, picture: Float32Array, least = 0): Generator<Uint32Array> {
  const shift = pictureShift(picture, averages);
  if (!shift || Math.abs(shift.x) + Math.abs(shift.y) < least) return;
  const { width, height } = frame.imageArea;
  for (const down of places(shift.y, height)) {
    for (const right of places(shift.x, width)) {
      const means = innerMeans(frame, right, down);
      const signs = means && noiseSigns(means);
      if (signs) yield signs;
    }
  }
}

/** Captured pixels by which a picture may be shifted along an axis. */
function places(cells: number, length: number): number[] {
  const step = Math.max(1, round(length / CELLS / 4));
  return QUARTERS.map((quarter) => round((cells * length) / CELLS) + quarter * step);
}

/** Means of the inner cells of an image that lies so many captured pixels further right and down; pixels that a border cuts count with their share. Null: they are not in the picture. */
function innerMeans({ pixels, luma, width, height, imageArea }: Frame, right: number, down: number): Float32Array | null {
  const [x, y] = [imageArea.x + right, imageArea.y + down];
  const [across, along] = [imageArea.width / CELLS, imageArea.height / CELLS];
  const [left, end] = [floor(x + FIRST * across), Math.ceil(x + (FIRST + INNER) * across)];
  if (left < 0 || end > width || y + FIRST * along < 0 || y + (FIRST + INNER) * along > height) return null;
  const values = luma?.values ?? pixels;
  const line = new Float32Array(end - left + 1);
  const means = new Float32Array(INNER * INNER);
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
      means[cell] = sum;
    }
  }
  return means;
}
