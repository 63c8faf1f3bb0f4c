import type { Frame } from '../frame';

/** Grey levels by which a pixel must change to be drawn anew rather than coded anew. */
const DRAWN = 24;
/** Pixels that must do so: a clock's digit, not a stray codec block. */
const ENOUGH = 12;
const ROW_STEP = 2;

/** Whether something outside the image area (a clock, a dose display) changed between two pictures of one size. */
export function livingPixels(a: Frame, b: Frame): boolean {
  const { x, y, width, height } = a.imageArea;
  const [p, q] = [a.pixels, b.pixels];
  let changed = 0;
  for (let row = 0; row < a.height; row += ROW_STEP) {
    const crosses = row >= y && row < y + height;
    for (let column = 0; column < a.width; column++) {
      if (crosses && column === x) column += width;
      if (column >= a.width) break;
      const i = row * a.width + column;
      const change = (p[i] as number) - (q[i] as number);
      if ((change > DRAWN || change < -DRAWN) && ++changed >= ENOUGH) return true;
    }
  }
  return false;
}

/** Whether two pictures are the same to the bit. */
export function samePixels(a: Frame, b: Frame): boolean {
  if (a.width !== b.width || a.height !== b.height) return false;
  const aligned = a.pixels.byteOffset % 4 === 0 && b.pixels.byteOffset % 4 === 0;
  const words = aligned ? a.pixels.length >> 2 : 0;
  const [p, q] = [fourAtATime(a.pixels, words), fourAtATime(b.pixels, words)];
  for (let i = 0; i < words; i++) if (p[i] !== q[i]) return false;
  for (let i = 4 * words; i < a.pixels.length; i++) if (a.pixels[i] !== b.pixels[i]) return false;
  return true;
}

const fourAtATime = ({ buffer, byteOffset }: Uint8Array, words: number): Int32Array =>
  new Int32Array(buffer, words === 0 ? 0 : byteOffset, words);
