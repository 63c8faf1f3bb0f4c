import { ANALYSIS_SIZE, type AnalysisImage } from '../frame';

const BLOCK = 8;
const SIDE = ANALYSIS_SIZE / BLOCK;

/** An image in 32 × 32 block means: quantum noise falls to an eighth, contrast agent and movement stay. */
export type CoarseImage = Float32Array;

export function toCoarseImage(image: AnalysisImage): CoarseImage {
  const coarse = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < ANALYSIS_SIZE; y++) {
    const row = (y >> 3) * SIDE;
    for (let x = 0; x < ANALYSIS_SIZE; x++)
      coarse[row + (x >> 3)] = (coarse[row + (x >> 3)] as number) + (image[y * ANALYSIS_SIZE + x] as number);
  }
  return coarse.map((sum) => sum / BLOCK ** 2);
}

/** Mean darkening against a picture without contrast agent, in grey levels; brightening does not count against it. */
export function opacification(image: CoarseImage, before: CoarseImage): number {
  let sum = 0;
  for (let i = 0; i < image.length; i++) sum += Math.max(0, (before[i] as number) - (image[i] as number));
  return sum / image.length;
}

/** Mean absolute change of the blocks: movement and inflow, hardly any noise. */
export function coarseChange(a: CoarseImage, b: CoarseImage): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number));
  return sum / a.length;
}

export const meanImage = (a: CoarseImage, b: CoarseImage): CoarseImage => a.map((value, i) => (value + (b[i] as number)) / 2);
