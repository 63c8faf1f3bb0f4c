import { median } from '../core/statistics';
import { ANALYSIS_SIZE, type AnalysisImage } from '../frame';
import { frameDifference } from './select-key-frame';

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

/** Opacification counts from this many grey levels on, and from this many times what noise and movement showed in the first images. */
const LEAST_OPACIFICATION = 0.8;
const RISE = 3;
/** Levelled off: over three acquisitions it grew by no more than this share, and a rest that noise explains. */
const LEVEL_SPAN = 3;
const LEVEL_GROWTH = 0.05;
const LEVEL_REST = 0.1;
/** Quiet: coarse change within this factor of the least seen in the run; impatience grows while the image is opacified (breath, heart beat). */
const QUIET = 1.7;
const IMPATIENCE = 0.1;
const PATIENCE = 3;
/** Another scene: the blocks change by this many grey levels and times what they do otherwise. */
const SCENE_CHANGE = 12;
const SCENE_FACTOR = 4;
const REMEMBERED = 15;

/** What is known of a run's stillness with one acquisition. All in grey levels per pixel of the analysis image. */
export interface Stability {
  /** D (paper section 2.1). */
  readonly difference: number;
  readonly opacification: number;
  /** Contrast agent has clearly arrived. */
  readonly opacified: boolean;
  /** It shows contrast agent: opacified, or it did so before the scene changed, for what the first images of another scene show is not known. */
  readonly contrast: boolean;
  /** Opacified, levelled off, and quiet above the noise. */
  readonly stable: boolean;
  /** Table, C-arm or patient moved: what was seen before says nothing any more. */
  readonly sceneChanged: boolean;
}

/**
 * Gathers evidence that a run's image has stabilised, acquisition by acquisition; it never looks ahead. On a plateau D is the noise floor, and so it is
 * before the contrast arrives: D alone cannot tell. So opacification must have risen above what the first images show by
 * noise and movement, must have levelled off, and the coarse image must be about as quiet as it ever was.
 */
export class StabilityEvidence {
  private before: AnalysisImage | null = null;
  private coarse: CoarseImage[] = [];
  private empty: CoarseImage | null = null;
  /** Opacification of the first four images, and of the latest four. */
  private early: readonly number[] = [];
  private recent: readonly number[] = [];
  private changes: readonly number[] = [];
  private leastChange = Infinity;
  private opacifiedFor = 0;
  private contrastBefore = false;

  add(image: AnalysisImage): Stability {
    const difference = this.before ? frameDifference(image, this.before) : 0;
    const coarse = toCoarseImage(image);
    const change = this.coarse[0] ? coarseChange(coarse, this.coarse[0]) : null;
    const sceneChanged =
      change !== null && this.changes.length >= 3 && change > SCENE_CHANGE && change > SCENE_FACTOR * median(this.changes);
    if (sceneChanged) this.forget();
    this.before = image;
    this.coarse = [coarse, ...this.coarse].slice(0, 2);
    if (change !== null && !sceneChanged) {
      this.changes = [...this.changes, change].slice(-REMEMBERED);
      this.leastChange = Math.min(this.leastChange, change);
    }
    this.empty = this.early.length === 1 && this.coarse[1] ? meanImage(coarse, this.coarse[1]) : (this.empty ?? coarse);
    const darkening = opacification(coarse, this.empty);
    this.early = [...this.early, darkening].slice(0, 4);
    this.recent = [...this.recent, darkening].slice(-1 - LEVEL_SPAN);
    const opacified = this.hasRisen(darkening);
    this.opacifiedFor = opacified ? this.opacifiedFor + 1 : 0;
    const stable = opacified && this.hasLevelledOff(darkening) && this.isQuiet();
    const contrast = opacified || this.contrastBefore;
    return { difference, opacification: darkening, opacified, contrast, stable, sceneChanged };
  }

  private forget(): void {
    this.contrastBefore ||= this.opacifiedFor > 0;
    this.coarse = [];
    this.empty = null;
    this.early = [];
    this.recent = [];
    this.changes = [];
    this.leastChange = Infinity;
    this.opacifiedFor = 0;
  }

  /** Against the least of the second to fourth image: whatever moves, one of them caught it near rest. */
  private hasRisen(now: number): boolean {
    const [, ...atRest] = this.early;
    return atRest.length === 3 && now >= Math.max(LEAST_OPACIFICATION, RISE * Math.min(...atRest));
  }

  private hasLevelledOff(now: number): boolean {
    const [then, ...between] = this.recent;
    if (then === undefined || between.length < LEVEL_SPAN) return false;
    return now - then <= LEVEL_GROWTH * now + LEVEL_REST && Math.min(...between) >= 0.6 * now;
  }

  private isQuiet(): boolean {
    const impatience = IMPATIENCE * Math.max(0, this.opacifiedFor - PATIENCE);
    return (this.changes.at(-1) ?? Infinity) <= (QUIET + impatience) * this.leastChange;
  }
}
