/** Of noise about half of the signs are set; of what is drawn, few. */
const NOISY = [0.25, 0.75] as const;
const WORD = 32;
const imul = Math.imul;

/** A bit for each pixel of a picture, 32 to a word: whether it is brighter than its two neighbours in the row are on average. Null: there is no noise to know the picture by. */
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

/** The share of bits that are the same, 0 … 1, of every so many words. */
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

/** Of what sets a picture shown again apart from two exposures of one scene, so much must be there: an encoder leaves 0.4 to 1, breathing feigns up to 0.25. */
const SAME = 0.3;
/** Of the signs of two exposures with much structure, so many agree; those of others agree in 0.5 to 0.65. */
const STRUCTURE = 0.78;
/** What is usual around an acquisition is known when so many have followed it in its run; it is the most of so many on either side. */
const [FOLLOWED, AROUND] = [3, 8];
/** Only the likeliest few are compared wholly. */
const LIKELIEST = 3;

/** An acquisition by its noise. */
interface SignedAcquisition {
  readonly signs: Uint32Array;
  /** The share of signs that agree with those of the acquisition before it in its run; null: it is the first. */
  readonly usual: number | null;
}

/** That of which a picture has the noise, through an encoder perhaps: it must agree with one far better than with the next best, and than acquisitions around that one do with each other. */
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

/** How much more of the noise of the latest acquisition than of that of those before it a picture has, as a share of what could be; null: too few are known. */
export function shareOfLatest(all: readonly SignedAcquisition[], signs: Uint32Array): number | null {
  const [latest, ...others] = all
    .slice(-1 - AROUND)
    .map((one) => agreement(signs, one.signs))
    .reverse();
  if (latest === undefined || others.length < FOLLOWED) return null;
  const usual = Math.max(...others);
  return (latest - usual) / (1 - usual);
}
