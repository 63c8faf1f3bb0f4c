/** Share of set signs in noise, about half; drawings have few. */
const NOISY = [0.25, 0.75] as const;
const WORD = 32;
const imul = Math.imul;

/**
 * One bit for each pixel, 32 to a word: whether it is brighter than the mean of its two neighbours in the row. Null:
 * there is no noise to recognise the picture by.
 */
export function noiseSigns(image: Float32Array): Uint32Array | null {
  const signs = new Uint32Array(image.length / WORD);
  let brighter = 0;
  for (let i = 1; i < image.length - 1; i++) {
    if (2 * (image[i] as number) <= (image[i - 1] as number) + (image[i + 1] as number)) continue;
    signs[i >> 5] = (signs[i >> 5] as number) | (1 << (i & 31));
    brighter++;
  }
  return brighter >= NOISY[0] * image.length && brighter <= NOISY[1] * image.length ? signs : null;
}

/** The share of equal bits, 0 … 1, in every n-th word. */
export function agreement(a: Uint32Array, b: Uint32Array, every = 1): number {
  let [different, compared] = [0, 0];
  for (let i = 0; i < a.length; i += every) {
    let bits = (a[i] as number) ^ (b[i] as number);
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    different += imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    compared += WORD;
  }
  return 1 - different / compared;
}

/**
 * Least agreement of a repeat beyond that of two exposures, relative to the maximum: encoders leave 0.4 to 1, breathing
 * mimics up to 0.25.
 */
const SAME = 0.3;
/** Agreement of two exposures with much structure; others have 0.5 to 0.65. */
const STRUCTURE = 0.78;
/**
 * The usual agreement around an acquisition is known once this many have followed it in its run; it is the highest
 * among this many on either side.
 */
const [FOLLOWED, AROUND] = [3, 8];
/** Candidates that are compared fully. */
const LIKELIEST = 3;

interface SignedAcquisition {
  readonly signs: Uint32Array;
  /** Agreement of its signs with those of the previous acquisition of its run; null: it is the first. */
  readonly usual: number | null;
}

/**
 * The acquisition whose noise a picture has, even after an encoder: it must agree far better than with the next best
 * one, and than acquisitions around that one agree with each other.
 */
export function matchNoise<C extends SignedAcquisition>(all: readonly C[], signs: Uint32Array, sample = 1): C | undefined {
  const [first, second] = all
    .map((one, i) => ({ one, i, agreed: agreement(signs, one.signs, sample) }))
    .sort((a, b) => b.agreed - a.agreed)
    .slice(0, LIKELIEST)
    .map(({ one, i }) => ({ one, i, agreed: agreement(signs, one.signs) }))
    .sort((a, b) => b.agreed - a.agreed);
  if (!first) return undefined;
  const usual = Math.max(usualAround(all, first.i), second?.agreed ?? 0);
  return first.agreed - usual >= SAME * (1 - usual) ? first.one : undefined;
}

function usualAround(all: readonly SignedAcquisition[], i: number): number {
  const following = all.slice(i + 1, i + 1 + AROUND).map(({ usual }) => usual);
  if (following.length < FOLLOWED || following.slice(0, FOLLOWED).includes(null)) return STRUCTURE;
  return Math.max(...all.slice(Math.max(0, i + 1 - AROUND), i + 1 + AROUND).map(({ usual }) => usual ?? 0));
}

/**
 * How much more a picture agrees with the latest acquisition than with those before it, relative to the maximum; null:
 * too few are known.
 */
export function shareOfLatest(all: readonly SignedAcquisition[], signs: Uint32Array): number | null {
  const [latest, ...others] = all
    .slice(-1 - AROUND)
    .map((one) => agreement(signs, one.signs))
    .reverse();
  if (latest === undefined || others.length < FOLLOWED) return null;
  const usual = Math.max(...others);
  return (latest - usual) / (1 - usual);
}
