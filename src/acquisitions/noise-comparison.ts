import { BLOCK_FACTS, compareBlocks, COMPARED_BLOCKS } from '../acquire/pixels/compare-blocks';

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
 * Compares two area-averaged pictures by their own noise, free of any absolute threshold: new detail as a share of all detail, block by block.
 */
export function compare(a: Float32Array, b: Float32Array, blocksOf = compareBlocks): Comparison {
  const facts = blocksOf(a, b);
  const ratios = new Float32Array(COMPARED_BLOCKS);
  let textured = 0;
  let difference = 0;
  let cleanChanges = 0;
  for (let i = 0; i < facts.length; i += BLOCK_FACTS) {
    const [fresh, texture, shift] = [facts[i] as number, facts[i + 1] as number, facts[i + 2] as number];
    difference += shift;
    if (texture >= TEXTURED) ratios[textured++] = fresh / texture;
    else if (shift > CLEAN_CHANGE) cleanChanges++;
  }
  difference /= COMPARED_BLOCKS;
  // A picture without noise (a drawing, a test card, a lossy feed gone flat) is another one when a hundredth of it changed.
  if (textured < COMPARED_BLOCKS / 20) return { freshness: cleanChanges > COMPARED_BLOCKS / 100 ? Math.SQRT2 : 0, difference };
  return { freshness: ratios.subarray(0, textured).sort()[textured >> 1] as number, difference };
}

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
