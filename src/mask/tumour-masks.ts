import { map, type OperatorFunction } from 'rxjs';
import type { MaskEvent } from '../event';
import type { Rect } from '../frame';
import type { Segmentation, Segmenter } from '../infer/segmenter';
import type { SegmentedKeyFrame } from '../infer/speculative-inference';
import { connectedComponents } from './components';
import { capturedPlane, toContour, roundToHundredths, traceOutline } from './contours';
import { measureLesions } from './lesions';
import type { PixelSpacing } from './pixel-spacing';
import { encodeRunLengths } from './run-length';
import type { TumourMask } from './tumour-mask';
import { threshold, tumourPixels } from './tumour-pixels';

export interface MaskOptions {
  readonly thresholds: Segmenter['thresholds'];
  /** Where the segmented image lies in the captured picture. */
  readonly imageArea: Rect;
  /** Width of a captured pixel over its height; absent: 1. */
  readonly pixelAspect?: number | undefined;
  /** Height of a captured pixel in the patient; null: unknown. */
  readonly pixelSpacingMm: number | null;
}

/**
 * Outlines and measures the regions that count as tumour. Those below `MINIMUM_AREA` are neither in the mask nor
 * lesions.
 */
export function toTumourMask(segmentation: Segmentation, { thresholds, imageArea, pixelAspect, pixelSpacingMm }: MaskOptions): TumourMask {
  const { width, height, tumour, liver } = segmentation;
  const plane = capturedPlane(imageArea, width, height, pixelAspect);
  const tumours = connectedComponents(tumourPixels(segmentation, thresholds), width, height);
  const livers = connectedComponents(threshold(liver, thresholds.liver), width, height);
  const liverArea = livers.components.reduce((sum, { area }) => sum + area, 0);
  return {
    width,
    height,
    runLengths: encodeRunLengths(tumours.labels),
    threshold: thresholds.tumour,
    lesions: measureLesions(tumours, tumour, plane, pixelSpacingMm),
    liver: {
      areaPx: roundToHundredths(liverArea * plane.scaleX * plane.scaleY),
      contours: livers.components.map((component) => toContour(traceOutline(livers, component), plane)),
    },
  };
}

/**
 * Turns segmented key frames into masks in captured pixels; passes everything else.
 *
 *    findings  --s--K--S--s--|
 *    masks     --s--K--M--s--|
 */
export function tumourMasks<T extends { readonly kind: string }>(
  { model, provider, thresholds }: Segmenter,
  spacing: Pick<PixelSpacing, 'of'>,
): OperatorFunction<T | SegmentedKeyFrame, T | MaskEvent> {
  const toMask = ({ keyFrame, segmentation, detectedAt, anticipated }: SegmentedKeyFrame): MaskEvent => {
    const { stream, run, frame, status, capturedAt, acquisition, decidedBy } = keyFrame;
    const { imageArea, pixelAspect } = acquisition.frame;
    const { mm: pixelSpacingMm, void: spacingVoid } = spacing.of(acquisition.frame);
    return {
      ...{
        kind: 'mask',
        stream,
        at: Math.max(detectedAt, segmentation.endedAt),
        run,
        frame,
        status,
        capturedAt,
        imageArea,
        pixelSpacingMm,
        spacingVoid,
        model,
        provider,
        acquisition,
      },
      mask: toTumourMask(segmentation, { thresholds, imageArea, pixelAspect, pixelSpacingMm }),
      paddedFrames: acquisition.stack.paddedFrames,
      timing: {
        ...{ capturedAt: decidedBy, acquiredAt: acquisition.acquiredAt, detectedAt, anticipated },
        ...{ inferenceStartedAt: segmentation.startedAt, inferenceEndedAt: segmentation.endedAt },
      },
    };
  };
  return map((finding) => (isSegmented(finding) ? toMask(finding) : finding));
}

const isSegmented = <T extends { readonly kind: string }>(finding: T | SegmentedKeyFrame): finding is SegmentedKeyFrame =>
  finding.kind === 'segmented';
