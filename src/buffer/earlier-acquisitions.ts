import { type Acquisition, ANALYSIS_SIZE, type AnalysisImage, type Rect, sameRect } from '../frame';

/** Those of the last ten runs or so: 8 KiB each. */
const REMEMBERED = 300;
/** Of the signs of two pictures' finest detail, so many agree where one is shown again through an encoder; those of two exposures with much structure agree in three of four. */
const THE_SAME = 0.82;
/** Of a first sample; no more is looked at where it does not. */
const PERHAPS = 0.77;
/** Every so many words belong to the sample. */
const SAMPLE = 8;
/** Of the signs of noise about half are set; of what is drawn, few. */
const NOISY = [0.25, 0.75] as const;
const SIZE = ANALYSIS_SIZE;
const WORD = 32;
const imul = Math.imul;

interface Remembered {
  readonly frame: number;
  readonly imageArea: Rect;
  readonly signs: Uint32Array;
}

/** Acquisitions that were seen, known again by their noise when the workstation shows them once more, in the same place: a cine loop, a step back. Window and level may differ. */
export class EarlierAcquisitions {
  private readonly all: Remembered[] = [];

  /** The frame of the latest one; null: there is none. */
  get last(): number | null {
    return this.all.at(-1)?.frame ?? null;
  }

  remember({ frame, analysis }: Acquisition): void {
    const signs = signsOf(analysis);
    if (!signs) return;
    this.all.push({ frame: frame.index, imageArea: frame.imageArea, signs });
    if (this.all.length > REMEMBERED) this.all.shift();
  }

  /** The number of the captured frame that stands for the acquisition shown here; null: it was not seen before. */
  find({ frame, analysis }: Acquisition): number | null {
    const signs = signsOf(analysis);
    if (!signs) return null;
    let [best, most] = [null as number | null, THE_SAME];
    for (const { frame: index, imageArea, signs: other } of this.all) {
      if (!sameRect(imageArea, frame.imageArea) || agreement(signs, other, SAMPLE) < PERHAPS) continue;
      const agreed = agreement(signs, other, 1);
      if (agreed >= most) [best, most] = [index, agreed];
    }
    return best;
  }
}

/** Of each pixel a bit: whether it is brighter than its two neighbours in the row are on average. Null: there is no noise to know it by. */
function signsOf(image: AnalysisImage): Uint32Array | null {
  const signs = new Uint32Array((SIZE * SIZE) / WORD);
  let brighter = 0;
  for (let i = 1; i < image.length - 1; i++) {
    if (2 * (image[i] as number) <= (image[i - 1] as number) + (image[i + 1] as number)) continue;
    signs[i >> 5] = (signs[i >> 5] as number) | (1 << (i & 31));
    brighter++;
  }
  return brighter >= NOISY[0] * image.length && brighter <= NOISY[1] * image.length ? signs : null;
}

/** The share of bits that are the same, of every so many words. */
function agreement(a: Uint32Array, b: Uint32Array, every: number): number {
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
