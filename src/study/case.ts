import { ANALYSIS_SIZE } from '../frame';
import type { Segmentation, Segmenter } from '../infer/segmenter';
import { connectedComponents } from '../mask/components';
import { fillOutline, type Grid } from '../mask/polygon';
import { threshold, tumourPixels } from '../mask/tumour-pixels';
import type { Annotation } from './labelme';

/**
 * How well a predicted region agrees with the ground truth, 0…1 each, from pixels counted as true and false positives
 * (TP, FP) and negatives (TN, FN). Measured per image, then averaged over patients (paper, section 3).
 */
export interface Overlap {
  /** 2·TP / (2·TP + FP + FN); 1 when both regions are empty. */
  readonly dice: number;
  /** TP / (TP + FN), sensitivity; 1 when the true region is empty. */
  readonly recall: number;
  /** TN / (TN + FP); 1 when the true region is the whole image. */
  readonly specificity: number;
  /** TP / (TP + FP), precision; when nothing was predicted, 1 if the true region is empty, else 0. */
  readonly ppv: number;
  /** TN / (TN + FN); when everything was predicted, 1 if the true region is the whole image, else 0. */
  readonly npv: number;
}

/** Compares two regions of 0 and 1. Throws when their lengths differ. */
export function overlap(predicted: Uint8Array, truth: Uint8Array): Overlap {
  if (predicted.length !== truth.length)
    throw new Error(`Expected regions of one size, got ${predicted.length} and ${truth.length} pixels`);
  let [tp, fp, fn, tn] = [0, 0, 0, 0];
  for (let i = 0; i < predicted.length; i++) {
    if (truth[i] === 0) {
      if (predicted[i] === 0) tn++;
      else fp++;
    } else if (predicted[i] === 0) fn++;
    else tp++;
  }
  const ratio = (part: number, rest: number, ifNone: boolean): number => (part + rest > 0 ? part / (part + rest) : ifNone ? 1 : 0);
  return {
    dice: ratio(2 * tp, fp + fn, true),
    recall: ratio(tp, fn, true),
    specificity: ratio(tn, fp, true),
    ppv: ratio(tp, fp, fn === 0),
    npv: ratio(tn, fn, fp === 0),
  };
}

/**
 * The Dice coefficient of each lesion, 2·|P∩T| / (|P| + |T|). T: the lesion's pixels. P: the predicted regions
 * (8-connected) that share a pixel with T, without the pixels of other lesions. A lesion without pixels on the grid
 * counts as missed, 0.
 *
 * `predicted` is 0 or 1; `lesions` is 0 outside, n + 1 on the n-th of `count` lesions.
 */
export function lesionDice(predicted: Uint8Array, lesions: Uint8Array, count: number, width: number, height: number): number[] {
  const { labels } = connectedComponents(predicted, width, height, 1);
  return Array.from({ length: count }, (_, n) => {
    const own = n + 1;
    const touching = new Set(labels.filter((label, i) => label > 0 && lesions[i] === own));
    let [hits, size] = [0, 0];
    for (let i = 0; i < labels.length; i++) {
      const inLesion = lesions[i] === own;
      const claimed = (inLesion || lesions[i] === 0) && touching.has(labels[i] as number);
      if (inLesion && claimed) hits++;
      size += Number(inLesion) + Number(claimed);
    }
    return size > 0 ? (2 * hits) / size : 0;
  });
}

/**
 * An annotation on the analysis image, ANALYSIS_SIZE² pixels row by row. A pixel is inside an outline when its centre
 * is.
 */
export interface GroundTruth {
  /** 1 on any tumour. */
  readonly tumour: Uint8Array;
  /** n + 1 on the annotation's n-th tumour, 0 elsewhere; where two overlap, the later one. */
  readonly lesions: Uint8Array;
  /** 1 on liver. */
  readonly liver: Uint8Array;
}

export function toGroundTruth({ width, height, tumours, liver }: Pick<Annotation, 'width' | 'height' | 'tumours' | 'liver'>): GroundTruth {
  const size = ANALYSIS_SIZE;
  const grid: Grid = { width: size, height: size, stepX: width / size, stepY: height / size };
  const lesions = new Uint8Array(size * size);
  const livers = new Uint8Array(size * size);
  tumours.forEach(({ outline }, n) => fillOutline(grid, outline, (index) => void (lesions[index] = n + 1)));
  for (const outline of liver) fillOutline(grid, outline, (index) => void (livers[index] = 1));
  return { tumour: lesions.map((lesion) => (lesion > 0 ? 1 : 0)), lesions, liver: livers };
}

/** One annotated tumour and how well it was predicted. */
export interface LesionCase {
  /** Of the disc with the outline's area, in pixels of the annotated image. */
  readonly diameter: number;
  readonly poor: boolean | null;
  readonly dice: number;
}

/** One patient's key frame, measured. */
export interface Case extends Overlap {
  readonly patient: string;
  /** Index of the acquisition in the video. */
  readonly keyFrame: number;
  readonly liverDice: number;
  readonly lesions: readonly LesionCase[];
}

export interface CaseName {
  readonly patient: string;
  readonly keyFrame: number;
}

/**
 * Compares a key frame's segmentation with its annotation, on the analysis image. Throws when the model has another
 * grid.
 */
export function toCase(
  { patient, keyFrame }: CaseName,
  segmentation: Segmentation,
  thresholds: Segmenter['thresholds'],
  annotation: Annotation,
): Case {
  const { width, height, liver } = segmentation;
  if (width !== ANALYSIS_SIZE || height !== ANALYSIS_SIZE) {
    throw new Error(`${patient}: expected a model with outputs of ${ANALYSIS_SIZE}×${ANALYSIS_SIZE}, got ${width}×${height}`);
  }
  const truth = toGroundTruth(annotation);
  const predicted = tumourPixels(segmentation, thresholds);
  const dice = lesionDice(predicted, truth.lesions, annotation.tumours.length, width, height);
  return {
    patient,
    keyFrame,
    ...overlap(predicted, truth.tumour),
    liverDice: overlap(threshold(liver, thresholds.liver), truth.liver).dice,
    lesions: annotation.tumours.map(({ diameter, poor }, n) => ({ diameter, poor, dice: dice[n] as number })),
  };
}
