import { ANALYSIS_SIZE } from '../frame';
import type { Segmentation, Segmenter } from '../infer/segmenter';
import { fillOutline, type Grid } from '../mask/fill-outline';
import { threshold } from '../mask/to-tumour-mask';
import { lesionDice, type Overlap, overlap } from './dice';
import type { Annotation } from './labelme';

/** An annotation on the analysis image, ANALYSIS_SIZE² pixels row by row. A pixel belongs to an outline when its centre lies inside. */
export interface Truth {
  /** 1 where any tumour is. */
  readonly tumour: Uint8Array;
  /** n + 1 where the annotation's n-th tumour is, 0 elsewhere; where two overlap, the later one. */
  readonly lesions: Uint8Array;
  /** 1 where liver is. */
  readonly liver: Uint8Array;
}

export function toTruth({ width, height, tumours, liver }: Pick<Annotation, 'width' | 'height' | 'tumours' | 'liver'>): Truth {
  const size = ANALYSIS_SIZE;
  const grid: Grid = { width: size, height: size, stepX: width / size, stepY: height / size };
  const lesions = new Uint8Array(size * size);
  const livers = new Uint8Array(size * size);
  tumours.forEach(({ outline }, n) => fillOutline(grid, outline, (index) => void (lesions[index] = n + 1)));
  for (const outline of liver) fillOutline(grid, outline, (index) => void (livers[index] = 1));
  return { tumour: lesions.map((lesion) => (lesion > 0 ? 1 : 0)), lesions, liver: livers };
}

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
