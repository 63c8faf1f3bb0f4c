import { map, type OperatorFunction } from 'rxjs';
import type { MaskEvent } from '../event';
import type { Segmenter } from '../infer/segmenter';
import type { SegmentedKeyFrame } from '../infer/speculative-inference';
import type { PixelSpacing } from './pixel-spacing';
import { toTumourMask } from './to-tumour-mask';

/**
 * Segmented key frames become masks in captured-picture pixels; everything else passes.
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
