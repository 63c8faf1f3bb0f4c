import { median } from '../core/statistics';
import { ANALYSIS_SIZE, type AnalysisImage } from '../frame';
import { frameDifference } from './select-key-frame';

const BLOCK = 8;
const SIDE = ANALYSIS_SIZE / BLOCK;

/** An image as 32 × 32 block means: quantum noise falls to an eighth, contrast agent and movement stay. */
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

/** Mean darkening against an image without contrast agent, in grey levels; brightening counts as 0. */
export function opacification(image: CoarseImage, baseline: CoarseImage): number {
  let sum = 0;
  for (let i = 0; i < image.length; i++) sum += Math.max(0, (baseline[i] as number) - (image[i] as number));
  return sum / image.length;
}

/** Mean absolute change of the blocks, in grey levels: movement and inflow, hardly any noise. */
export function coarseChange(a: CoarseImage, b: CoarseImage): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number));
  return sum / a.length;
}

export const meanImage = (a: CoarseImage, b: CoarseImage): CoarseImage => a.map((value, i) => (value + (b[i] as number)) / 2);

/** Opacified: at least this many grey levels, and this many times what noise and movement show in the first images. */
const MIN_OPACIFICATION = 0.8;
const RISE = 3;
/** Levelled off: grown over three acquisitions by no more than this share plus a tolerance for noise. */
const LEVEL_SPAN = 3;
const LEVEL_GROWTH = 0.05;
const LEVEL_TOLERANCE = 0.1;
/** What it may have grown by, in times of that, to level off with the next acquisition. */
const SETTLING = 2;
/** Quiet: coarse change within this factor of the run's least; the factor grows while opacified (breath, heartbeat). */
const QUIET = 1.7;
const QUIET_GROWTH = 0.1;
const QUIET_GROWTH_AFTER = 3;
/** Scene change: the blocks change by this many grey levels, and by this many times their median change. */
const SCENE_CHANGE = 12;
const SCENE_FACTOR = 4;
const MAX_CHANGES = 15;

/** The state of a run at one acquisition; values in grey levels per pixel of the analysis image. */
export interface Stability {
  /** D (paper, section 2.1). */
  readonly difference: number;
  readonly opacification: number;
  /** Contrast agent has clearly arrived. */
  readonly opacified: boolean;
  /** Opacified now or before the scene changed: the first images of a new scene may already show contrast. */
  readonly contrast: boolean;
  /** Opacified, levelled off, and quiet above the noise. */
  readonly stable: boolean;
  /** May be stable at the next acquisition. */
  readonly settling: boolean;
  /** Table, C-arm or patient moved: earlier images no longer count. */
  readonly sceneChanged: boolean;
}

/**
 * Evidence that a run's image has stabilised, one acquisition at a time, without looking ahead. D alone cannot tell:
 * it is down to the noise both on the plateau and before contrast arrives. So opacification must have risen above what
 * noise and movement show in the first images, and levelled off, and the coarse image must be about as quiet as it
 * ever was.
 */
export class StabilityEvidence {
  private before: AnalysisImage | null = null;
  private coarse: CoarseImage[] = [];
  private baseline: CoarseImage | null = null;
  /** Opacification of the first four images, and of the last four. */
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
    if (sceneChanged) this.reset();
    this.before = image;
    this.coarse = [coarse, ...this.coarse].slice(0, 2);
    if (change !== null && !sceneChanged) {
      this.changes = [...this.changes, change].slice(-MAX_CHANGES);
      this.leastChange = Math.min(this.leastChange, change);
    }
    this.baseline = this.early.length === 1 && this.coarse[1] ? meanImage(coarse, this.coarse[1]) : (this.baseline ?? coarse);
    const darkening = opacification(coarse, this.baseline);
    this.early = [...this.early, darkening].slice(0, 4);
    this.recent = [...this.recent, darkening].slice(-1 - LEVEL_SPAN);
    const opacified = this.hasRisen(darkening);
    this.opacifiedFor = opacified ? this.opacifiedFor + 1 : 0;
    const stable = opacified && this.hasLevelledOff(darkening) && this.isQuiet();
    const settling = opacified && this.mayLevelOff(darkening);
    const contrast = opacified || this.contrastBefore;
    return { difference, opacification: darkening, opacified, contrast, stable, settling, sceneChanged };
  }

  private reset(): void {
    this.contrastBefore ||= this.opacifiedFor > 0;
    this.coarse = [];
    this.baseline = null;
    this.early = [];
    this.recent = [];
    this.changes = [];
    this.leastChange = Infinity;
    this.opacifiedFor = 0;
  }

  /** Compares with the least of the second to fourth images: one of them caught any movement near rest. */
  private hasRisen(now: number): boolean {
    const [, ...atRest] = this.early;
    return atRest.length === 3 && now >= Math.max(MIN_OPACIFICATION, RISE * Math.min(...atRest));
  }

  private hasLevelledOff(now: number): boolean {
    const [then, ...between] = this.recent;
    if (then === undefined || between.length < LEVEL_SPAN) return false;
    return now - then <= LEVEL_GROWTH * now + LEVEL_TOLERANCE && Math.min(...between) >= 0.6 * now;
  }

  /** Whether it has levelled off at the next acquisition, if it hardly grows until then. */
  private mayLevelOff(now: number): boolean {
    const then = this.recent.at(-LEVEL_SPAN);
    return then !== undefined && now - then <= SETTLING * (LEVEL_GROWTH * now + LEVEL_TOLERANCE);
  }

  private isQuiet(): boolean {
    const growth = QUIET_GROWTH * Math.max(0, this.opacifiedFor - QUIET_GROWTH_AFTER);
    return (this.changes.at(-1) ?? Infinity) <= (QUIET + growth) * this.leastChange;
  }
}
