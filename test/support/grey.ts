import { ANALYSIS_SIZE, type AnalysisImage } from '../../src/frame';
import { seededRandom } from '../../src/phantom/random';

// Looked up once: in jest's module registry an import costs more than the arithmetic.
const SIZE = ANALYSIS_SIZE;
const PIXELS = SIZE * SIZE;

const known = new Map<number, Float32Array>();

/** Noise of standard deviation 1, the same for the same seed; kept, for drawing it is what takes time. */
export function noise(seed: number): Float32Array {
  const drawn = known.get(seed);
  if (drawn) return drawn;
  const { uniform } = seededRandom(seed);
  const field = new Float32Array(PIXELS);
  // Three uniform values give nearly a bell curve; their variance is a quarter.
  for (let i = 0; i < PIXELS; i++) field[i] = 2 * (uniform() + uniform() + uniform() - 1.5);
  known.set(seed, field);
  return field;
}

export interface Painted {
  readonly level?: number;
  readonly sigma?: number;
  /** Fresh noise of an exposure. */
  readonly seed?: number;
  /** What an encoder added. */
  readonly codec?: { readonly seed: number; readonly sigma: number };
  /** By how much a disc in the middle is darkened: contrast agent. */
  readonly contrast?: number;
}

/** A flat picture with an exposure's noise and, in its middle, a disc of contrast agent that covers about a third. */
export function painted({ level = 150, sigma = 4, seed, codec, contrast = 0 }: Painted): Float32Array {
  const picture = new Float32Array(PIXELS);
  const own = seed === undefined ? null : noise(seed);
  const added = codec ? noise(codec.seed) : null;
  const codecSigma = codec?.sigma ?? 0;
  for (let y = 0, i = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++, i++) {
      const inside = (x - 128) * (x - 128) + (y - 128) * (y - 128) < 6400;
      picture[i] =
        level - (inside ? contrast : 0) + (own ? sigma * (own[i] as number) : 0) + (added ? codecSigma * (added[i] as number) : 0);
    }
  }
  return picture;
}

/** Rounded to grey values, as captured. */
export const toPixels = (picture: Float32Array): Uint8Array => new Uint8Array(Uint8ClampedArray.from(picture).buffer);

export function toAnalysis(pixels: Uint8Array | Float32Array): AnalysisImage {
  const image = new Uint8Array(new SharedArrayBuffer(pixels.length));
  image.set(pixels);
  return image;
}

/** An exposure with fresh noise, as captured. */
export const exposure = (seed: number, rest: Omit<Painted, 'seed'> = {}): Uint8Array => toPixels(painted({ seed, ...rest }));
