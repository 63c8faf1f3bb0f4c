import { BLOCK_FACTS, compareBlocks, COMPARED_BLOCKS } from '../acquire/pixels/compare-pixels';
import type { Frame } from '../frame';

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

/** Looked at: so many blocks along each side, of so many pixels squared. */
const [BLOCKS, BLOCK] = [8, 16];
const PIXELS = BLOCK ** 2;
/** Blocks that may show something else: a word or a menu lies on it. */
const SPARED = 6;
/** Grey levels of standard deviation; the noisiest exposure has less than 30, and not beside the image. */
const LOUD = 40;
const AS_IT_IS = Uint8Array.from({ length: 256 }, (_, grey) => grey);

/**
 * Whether a captured picture is the noise of a monitor without a signal, from edge to edge: loud, and each pixel by itself or two alike, so that the mean
 * square difference of neighbours is about twice the variance, or once; in whatever shows something it is far less, in a grid more.
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
