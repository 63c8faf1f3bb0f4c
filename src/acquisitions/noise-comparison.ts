import { BLOCK_FACTS, compareBlocks, COMPARED_BLOCKS } from '../acquire/pixels/compare-pixels';
import type { Frame } from '../frame';

/** Mean detail, in grey levels, below which a block has neither noise nor structure: collimator, border, background. */
const TEXTURED = 0.12;
/** Mean change, in grey levels, by which a block without noise is a different picture. */
const CLEAN_CHANGE = 2;

/** The comparison of two pictures of one area. */
export interface Comparison {
  /**
   * The share of the finest detail that is new, 0 … √2: exposures share no quantum noise and give about √2 where there
   * is no structure, repeats only what the encoder adds. The median over blocks, so that text or a cursor in the image
   * does not count.
   */
  readonly freshness: number;
  /** Mean absolute difference, in grey levels per pixel. */
  readonly difference: number;
}

/**
 * Compares two area-averaged pictures by new detail as a share of all detail, block by block, with no absolute
 * threshold for noise.
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
  // A picture without noise (a drawing, a test card, a flat lossy feed) is new if a hundredth of it changed.
  if (textured < COMPARED_BLOCKS / 20) return { freshness: cleanChanges > COMPARED_BLOCKS / 100 ? Math.SQRT2 : 0, difference };
  return { freshness: ratios.subarray(0, textured).sort()[textured >> 1] as number, difference };
}

/** Whether a picture is black or uniformly grey. */
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

/** Sampled blocks along each side, and the side of a block in pixels. */
const [BLOCKS, BLOCK] = [8, 16];
const PIXELS = BLOCK ** 2;
/** Blocks that may show something else, such as a word or a menu over the noise. */
const SPARED = 6;
/** Standard deviation in grey levels; the noisiest exposure stays below 30, and has none beside the image. */
const LOUD = 40;
const AS_IT_IS = Uint8Array.from({ length: 256 }, (_, grey) => grey);

/**
 * Whether a captured picture is the noise of a monitor without a signal, from edge to edge: loud, and with independent
 * pixels or pairs of them, so that the mean squared difference of neighbours is about twice or once the variance. In
 * anything else it is far less; in a grid, more.
 */
export function isNoSignal(frame: Frame): boolean {
  const { width, height } = frame;
  if (width < BLOCKS * BLOCK || height < BLOCKS * BLOCK) return false;
  const pixels = frame.luma?.values ?? frame.pixels;
  const grey = frame.luma?.table ?? AS_IT_IS;
  let spared = 0;
  for (let n = 0; n < BLOCKS ** 2; n++) {
    const left = Math.floor(((n % BLOCKS) * (width - BLOCK)) / (BLOCKS - 1));
    const top = Math.floor((Math.floor(n / BLOCKS) * (height - BLOCK)) / (BLOCKS - 1));
    if (!isNoise(pixels, grey, width, top * width + left) && ++spared > SPARED) return false;
  }
  return true;
}

function isNoise(pixels: Uint8Array, grey: Uint8Array, width: number, start: number): boolean {
  let [sum, squares, changes, before] = [0, 0, 0, 0];
  for (let y = 0; y < BLOCK; y++) {
    for (let x = 0, i = start + y * width; x < BLOCK; x++, i++) {
      const value = grey[pixels[i] as number] as number;
      sum += value;
      squares += value * value;
      if (x > 0) changes += (value - before) ** 2;
      before = value;
    }
  }
  const variance = squares / PIXELS - (sum / PIXELS) ** 2;
  const change = changes / (PIXELS - BLOCK) / variance;
  return variance > LOUD ** 2 && change > 0.8 && change < 2.6;
}
