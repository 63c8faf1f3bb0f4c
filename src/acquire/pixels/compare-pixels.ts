import { ANALYSIS_SIZE, type Frame, type Rect } from '../../frame';

/** A pixel that changes by more grey levels was redrawn rather than coded anew. */
export const REDRAWN = 24;
/** Redrawn pixels that count: the digit of a clock, not a stray codec block. */
const ENOUGH = 12;
const ROW_STEP = 2;

/** Uncertainty of another X-ray image's area, in pixels: what changes closer to it is taken for its noise. */
const MARGIN = 16;

/** Whether something outside all X-ray images (a clock, a dose display) changed between two pictures of one size. */
export const hasOutsideChange = (a: Frame, b: Frame): boolean =>
  changedOutside(a, (start, end) => changedBetween(a.pixels, b.pixels, start, end));

/** The same; `changed` counts the redrawn pixels of a range. */
export function changedOutside(a: Omit<Frame, 'pixels'>, changed: (start: number, end: number) => number): boolean {
  const images = [a.imageArea, ...(a.otherImages ?? []).map(expanded)].sort((p, q) => p.x - q.x);
  let count = 0;
  for (let row = 0; row < a.height && count < ENOUGH; row += ROW_STEP) {
    const start = row * a.width;
    let from = 0;
    for (const { x, y, width, height } of images) {
      if (row < y || row >= y + height) continue;
      if (x > from) count += changed(start + from, start + x);
      from = Math.max(from, x + width);
    }
    if (from < a.width) count += changed(start + from, start + a.width);
  }
  return count >= ENOUGH;
}

const expanded = ({ x, y, width, height }: Rect): Rect => ({
  ...{ x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN },
});

function changedBetween(a: Uint8Array, b: Uint8Array, start: number, end: number): number {
  let changed = 0;
  for (let i = start; i < end; i++) {
    const change = (a[i] as number) - (b[i] as number);
    if (change > REDRAWN || change < -REDRAWN) changed++;
  }
  return changed;
}

/** Whether two pictures are identical: as captured, if neither has been converted. */
export function samePixels(a: Frame, b: Frame): boolean {
  if (sharePixels(a, b)) return true;
  if (a.width !== b.width || a.height !== b.height) return false;
  const captured = lumaInSameRange(a, b);
  return sameBytes(captured?.[0] ?? a.pixels, captured?.[1] ?? b.pixels);
}

/** Whether two frames share their pixels. */
export const sharePixels = (a: Frame, b: Frame): boolean => a.luma !== undefined && a.luma === b.luma;

/** The captured luma of two frames if it is in the same range; null: it is not, or is unknown. */
export const lumaInSameRange = (
  { luma: a }: Pick<Frame, 'luma'>,
  { luma: b }: Pick<Frame, 'luma'>,
): readonly [Uint8Array, Uint8Array] | null => (a && b && a.table === b.table ? [a.values, b.values] : null);

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  const aligned = a.byteOffset % 4 === 0 && b.byteOffset % 4 === 0;
  const words = aligned ? a.length >> 2 : 0;
  const [p, q] = [fourAtATime(a, words), fourAtATime(b, words)];
  for (let i = 0; i < words; i++) if (p[i] !== q[i]) return false;
  for (let i = 4 * words; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const fourAtATime = ({ buffer, byteOffset }: Uint8Array, words: number): Int32Array =>
  new Int32Array(buffer, words === 0 ? 0 : byteOffset, words);

/**
 * A pixel has changed from this many grey levels on: a codec changes a still picture by less, quantum noise by more.
 */
export const CHANGED = 2;

/**
 * The share of changed pixels in an area, sampling every 16th of every 4th row: cheap enough for every frame. `width`:
 * of the picture.
 */
export function changedShare(before: Uint8Array, after: Uint8Array, width: number, area: Rect): number {
  let count = 0;
  let sampled = 0;
  const [right, bottom] = [area.x + area.width, area.y + area.height];
  for (let y = area.y; y < bottom; y += 4) {
    for (let i = y * width + area.x + ((y * 5) & 15), end = y * width + right; i < end; i += 16) {
      const difference = (after[i] as number) - (before[i] as number);
      if (difference >= CHANGED || difference <= -CHANGED) count += 1;
      sampled += 1;
    }
  }
  return sampled === 0 ? 0 : count / sampled;
}

/** Local copies: a lookup per pixel costs more than the arithmetic. */
const SIZE = ANALYSIS_SIZE;
const abs = (value: number): number => (value < 0 ? -value : value);
const BLOCK = 8;
const INNER = (BLOCK - 1) ** 2;
/** Every other block of the 32 × 32, as on a chessboard. */
export const COMPARED_BLOCKS = 512;
export const BLOCK_FACTS = 3;

/**
 * For each compared block of two images of 256 × 256 means, in grey levels: new detail (mean absolute second
 * difference, across the pixel's diagonal, of their difference; Immerkær 1996), detail (the same of the images
 * themselves) and mean absolute change.
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
