import { ANALYSIS_SIZE } from '../frame';
import type { Segmentation, Segmenter } from '../infer/segmenter';
import { threshold } from '../mask/threshold';
import type { Annotation } from './labelme-file';
import { lesionDice } from './lesion-dice';
import { type Overlap, overlap } from './overlap';
import { toTruth } from './truth';

/** One annotated tumour and how well it was found. */
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

/** Who and which image is measured. */
export interface CaseName {
  readonly patient: string;
  readonly keyFrame: number;
}

/** Measures what the networks say of a key frame against its annotation, on the analysis image. Throws when the model has another grid. */
export function toCase(
  { patient, keyFrame }: CaseName,
  { width, height, tumour, liver }: Segmentation,
  thresholds: Segmenter['thresholds'],
  annotation: Annotation,
): Case {
  if (width !== ANALYSIS_SIZE || height !== ANALYSIS_SIZE) {
    throw new Error(`${patient}: expected a model with outputs of ${ANALYSIS_SIZE}×${ANALYSIS_SIZE}, got ${width}×${height}`);
  }
  const truth = toTruth(annotation);
  const found = threshold(tumour, thresholds.tumour);
  const dice = lesionDice(found, truth.lesions, annotation.tumours.length, width, height);
  return {
    patient,
    keyFrame,
    ...overlap(found, truth.tumour),
    liverDice: overlap(threshold(liver, thresholds.liver), truth.liver).dice,
    lesions: annotation.tumours.map(({ diameter, poor }, n) => ({ diameter, poor, dice: dice[n] as number })),
  };
}
