import { ANALYSIS_SIZE } from '../frame';

/** Held here: a lookup per pixel costs more than the arithmetic. */
const SIZE = ANALYSIS_SIZE;
const abs = (value: number): number => (value < 0 ? -value : value);
const BLOCK = 8;
const BLOCKS = SIZE / BLOCK;
/** High-pass level (grey levels) under which a block shows neither noise nor structure: collimator, black border, painted background. */
const TEXTURED = 0.12;
/** Grey levels by which a block of a picture without any noise must change to be another picture. */
const CLEAN_CHANGE = 2;

/** What comparing two pictures of the same area shows. */
export interface Comparison {
  /**
   * How much of the picture's finest detail is new, 0 … √2: two exposures share no quantum noise and give about √2 where there is no
   * structure; a picture shown again gives what its encoder added. The median over blocks, so that text or a cursor inside the image does not count.
   */
  readonly freshness: number;
  /** Mean absolute difference, grey levels per pixel. */
  readonly difference: number;
}

/**
 * Compares two area-averaged pictures by their own noise, free of any absolute threshold: the second difference across a pixel's diagonal
 * (Immerkær 1996) of the difference image, divided by that of the pictures themselves, per block of 8 × 8.
 */
export function compare(a: Float32Array, b: Float32Array): Comparison {
  const ratios: number[] = [];
  let difference = 0;
  let cleanChanges = 0;
  for (let row = 0; row < BLOCKS; row++) {
    for (let column = 0; column < BLOCKS; column++) {
      const { fresh, texture, shift } = compareBlock(a, b, row * BLOCK * SIZE + column * BLOCK);
      difference += shift;
      if (texture >= TEXTURED) ratios.push(fresh / texture);
      else if (shift > CLEAN_CHANGE) cleanChanges++;
    }
  }
  const blocks = BLOCKS ** 2;
  // A picture without noise (a drawing, a test card, a lossy feed gone flat) is another one when a hundredth of it changed.
  if (ratios.length < blocks / 20) return { freshness: cleanChanges > blocks / 100 ? Math.SQRT2 : 0, difference: difference / blocks };
  ratios.sort((x, y) => x - y);
  return { freshness: ratios[ratios.length >> 1] as number, difference: difference / blocks };
}

function compareBlock(a: Float32Array, b: Float32Array, start: number): { fresh: number; texture: number; shift: number } {
  let fresh = 0;
  let texture = 0;
  let shift = 0;
  for (let y = 0; y < BLOCK; y++) {
    for (let x = 0, i = start + y * SIZE; x < BLOCK; x++, i++) {
      shift += abs((a[i] as number) - (b[i] as number));
      if (y === BLOCK - 1 || x === BLOCK - 1) continue;
      const inA = diagonal(a, i);
      const inB = diagonal(b, i);
      fresh += abs(inA - inB);
      texture += abs(inA) + abs(inB);
    }
  }
  const inner = (BLOCK - 1) ** 2;
  return { fresh: fresh / inner, texture: texture / (2 * inner), shift: shift / BLOCK ** 2 };
}

const diagonal = (image: Float32Array, i: number): number =>
  (image[i] as number) - (image[i + 1] as number) - (image[i + SIZE] as number) + (image[i + SIZE + 1] as number);

/** Whether a picture shows nothing at all: black, or one grey. */
export function isBlank(image: Float32Array): boolean {
  let sum = 0;
  let squares = 0;
  for (const value of image) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / image.length;
  return squares / image.length - mean * mean < 1;
}
