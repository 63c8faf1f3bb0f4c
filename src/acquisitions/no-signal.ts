import type { Frame } from '../frame';

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
