import type { Rect } from '../frame';
import type { Segmentation, Segmenter } from '../infer/segmenter';
import { capturedPlane, contour, hundredths } from './captured-outline';
import { components } from './components';
import { lesions } from './lesions';
import { outline } from './outline';
import { encodeRunLengths } from './run-length';
import type { TumourMask } from './tumour-mask';

/** 1 where a probability reaches the threshold, 0 elsewhere; row by row like its input. What is not a number does not reach it. */
export function threshold(probabilities: Float32Array, from: number): Uint8Array {
  const bits = new Uint8Array(probabilities.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (probabilities[i] as number) >= from ? 1 : 0;
  return bits;
}

export interface MaskOptions {
  readonly thresholds: Segmenter['thresholds'];
  /** Where the segmented image lies in the captured picture. */
  readonly imageArea: Rect;
  /** Width of a captured pixel over its height; absent: 1. */
  readonly pixelAspect?: number | undefined;
  /** Height of a captured pixel in the patient, or null while unknown. */
  readonly pixelSpacingMm: number | null;
}

/** Probabilities → mask: what counts, in regions, outlined and measured. Specks (`MINIMUM_AREA`) are neither in the mask nor among the lesions. */
export function toTumourMask(
  { width, height, tumour, liver }: Segmentation,
  { thresholds, imageArea, pixelAspect, pixelSpacingMm }: MaskOptions,
): TumourMask {
  const plane = capturedPlane(imageArea, width, height, pixelAspect);
  const tumours = components(threshold(tumour, thresholds.tumour), width, height);
  const livers = components(threshold(liver, thresholds.liver), width, height);
  const liverArea = livers.components.reduce((sum, { area }) => sum + area, 0);
  return {
    width,
    height,
    runLengths: encodeRunLengths(tumours.labels),
    threshold: thresholds.tumour,
    lesions: lesions(tumours, tumour, plane, pixelSpacingMm),
    liver: {
      areaPx: hundredths(liverArea * plane.scaleX * plane.scaleY),
      contours: livers.components.map((component) => contour(outline(livers, component), plane)),
    },
  };
}
