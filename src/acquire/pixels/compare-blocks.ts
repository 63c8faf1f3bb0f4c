import { ANALYSIS_SIZE } from '../../frame';

/** Held here: a lookup per pixel costs more than the arithmetic. */
const SIZE = ANALYSIS_SIZE;
const abs = (value: number): number => (value < 0 ? -value : value);
const BLOCK = 8;
const INNER = (BLOCK - 1) ** 2;
/** Every other block of the 32 × 32, as on a chess board. */
export const COMPARED_BLOCKS = 512;
/** Numbers about each block. */
export const BLOCK_FACTS = 3;

/**
 * Of each compared block of two images of 256 × 256 means: its new detail (the mean second difference across a pixel's diagonal of their difference; Immerkær 1996), all its
 * detail (the same of the images themselves) and its mean absolute change. In grey levels, block after block.
 */
export function compareBlocks(a: Float32Array, b: Float32Array): Float64Array {
  const facts = new Float64Array(COMPARED_BLOCKS * BLOCK_FACTS);
  for (let block = 0; block < COMPARED_BLOCKS; block++) {
    const row = block >> 4;
    compareBlock(a, b, row * BLOCK * SIZE + (((block & 15) << 1) + (row & 1)) * BLOCK, facts, BLOCK_FACTS * block);
  }
  return facts;
}

function compareBlock(a: Float32Array, b: Float32Array, start: number, facts: Float64Array, at: number): void {
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
  facts[at] = newDetail / INNER;
  facts[at + 1] = detail / (2 * INNER);
  facts[at + 2] = change / BLOCK ** 2;
}

const diagonal = (image: Float32Array, i: number): number =>
  (image[i] as number) - (image[i + 1] as number) - (image[i + SIZE] as number) + (image[i + SIZE + 1] as number);
