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
  let [different, looked] = [0, 0];
  for (let i = 0; i < a.length; i += every) {
    let bits = (a[i] as number) ^ (b[i] as number);
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    different += imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    looked += WORD;
  }
  return 1 - different / looked;
}
