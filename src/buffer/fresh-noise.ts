import { ANALYSIS_SIZE } from '../frame';

/** Held here: a lookup per pixel costs more than the arithmetic. */
const SIZE = ANALYSIS_SIZE;
const abs = (value: number): number => (value < 0 ? -value : value);
const BLOCK = 8;
const INNER = (BLOCK - 1) ** 2;
/** Every other block of the 32 × 32, as on a chess board. */
const COMPARED = 512;
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
 * (Immerkær 1996) of the difference image, divided by that of the pictures themselves, per block of 8 × 8, every other block.
 */
export function compare(a: Float32Array, b: Float32Array): Comparison {
  const ratios = new Float32Array(COMPARED);
  const found = new Float64Array(3);
  let textured = 0;
  let difference = 0;
  let cleanChanges = 0;
  for (let block = 0; block < COMPARED; block++) {
    const row = block >> 4;
    compareBlock(a, b, row * BLOCK * SIZE + (((block & 15) << 1) + (row & 1)) * BLOCK, found);
    const [fresh, texture, shift] = [found[0] as number, found[1] as number, found[2] as number];
    difference += shift;
    if (texture >= TEXTURED) ratios[textured++] = fresh / texture;
    else if (shift > CLEAN_CHANGE) cleanChanges++;
  }
  difference /= COMPARED;
  // A picture without noise (a drawing, a test card, a lossy feed gone flat) is another one when a hundredth of it changed.
  if (textured < COMPARED / 20) return { freshness: cleanChanges > COMPARED / 100 ? Math.SQRT2 : 0, difference };
  return { freshness: ratios.subarray(0, textured).sort()[textured >> 1] as number, difference };
}

/** New detail, all detail and mean change of one block, in grey levels, into `found`: it runs five hundred times a frame. */
function compareBlock(a: Float32Array, b: Float32Array, start: number, found: Float64Array): void {
  let [newDetail, detail, change] = [0, 0, 0];
  for (let y = 0; y < BLOCK; y++) {
    for (let x = 0, i = start + y * SIZE; x < BLOCK; x++, i++) {
      change += abs((a[i] as number) - (b[i] as number));
      if (y === BLOCK - 1 || x === BLOCK - 1) continue;
      const inA = diagonal(a, i);
      const inB = diagonal(b, i);
      newDetail += abs(inA - inB);
      detail += abs(inA) + abs(inB);
    }
  }
  found[0] = newDetail / INNER;
  found[1] = detail / (2 * INNER);
  found[2] = change / BLOCK ** 2;
}

const diagonal = (image: Float32Array, i: number): number =>
  (image[i] as number) - (image[i + 1] as number) - (image[i + SIZE] as number) + (image[i + SIZE + 1] as number);

/** Whether a picture shows nothing at all: black, or one grey. */
export function isBlank(image: Float32Array): boolean {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < image.length; i++) {
    const value = image[i] as number;
    sum += value;
    squares += value * value;
  }
  const mean = sum / image.length;
  return squares / image.length - mean * mean < 1;
}
