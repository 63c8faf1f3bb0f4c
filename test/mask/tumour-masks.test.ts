import { map, type OperatorFunction } from 'rxjs';
import type { KeyFrameEvent, MaskEvent } from '../../src/event';
import type { Segmentation } from '../../src/infer/segmenter';
import type { SegmentedKeyFrame } from '../../src/infer/speculative-inference';
import { PixelSpacing } from '../../src/mask/pixel-spacing';
import { tumourMasks } from '../../src/mask/tumour-masks';
import { scriptedSegmenter } from '../infer/scripted-segmenter';
import { assessed } from '../support/assessed';
import { inRun } from '../support/frames';
import { expectTwice, marbles } from '../support/marbles';
import { disc } from './grids';

interface Aside {
  readonly kind: 'aside';
}
const segmenter = scriptedSegmenter();
const imageArea = { x: 100, y: 50, width: 512, height: 512 };

const keyFrame = (): KeyFrameEvent => {
  const acquisition = inRun(7);
  return {
    ...{
      kind: 'keyframe',
      stream: 'test',
      at: 950,
      run: 'run-1',
      frame: 7,
      status: 'stabilised',
      score: 1,
      lagFrames: 2,
      lagMs: 200,
      ...assessed,
    },
    ...{ capturedAt: 700, decidedBy: 900 },
    acquisition: {
      ...acquisition,
      frame: { ...acquisition.frame, width: 640, height: 600, imageArea },
      stack: { images: [acquisition.analysis], paddedFrames: 2 },
    },
  };
};
function segmented(rest: Partial<Omit<SegmentedKeyFrame, 'kind'>> = {}, endedAt = 940): SegmentedKeyFrame {
  const size = 256 * 256;
  const tumour = Float32Array.from(disc(256, 100, 80, 20).bits, (bit) => 0.8 * bit);
  const segmentation: Segmentation = {
    ...{ width: 256, height: 256, tumour, liver: new Float32Array(size), difference: new Float32Array(size), startedAt: 910, endedAt },
  };
  return { kind: 'segmented', keyFrame: keyFrame(), segmentation, detectedAt: 930, anticipated: true, ...rest };
}
function maskOf(segmentedFrame: SegmentedKeyFrame, given: number | null | PixelSpacing = null): MaskEvent {
  const spacing = given instanceof PixelSpacing ? given : new PixelSpacing(given);
  let mask: MaskEvent | undefined;
  marbles(({ cold, flush }) => {
    cold<SegmentedKeyFrame>('S|', { S: segmentedFrame })
      .pipe(tumourMasks<Aside>(segmenter, spacing))
      .subscribe((event) => {
        if (event.kind === 'mask') mask = event;
      });
    flush();
  })();
  if (!mask) throw new Error('Expected a mask, got none');
  return mask;
}

describe('tumourMasks', () => {
  it('names the image of the mask, and the model that made it', () => {
    const { mask, acquisition, ...rest } = maskOf(segmented());
    expect(rest).toMatchObject({
      ...{ kind: 'mask', stream: 'test', run: 'run-1', frame: 7, status: 'stabilised', capturedAt: 700, imageArea, paddedFrames: 2 },
      ...{ model: segmenter.model, provider: 'script' },
    });
    expect(acquisition.frame.capturedAt).toBe(700);
    expect([mask.width, mask.height, mask.threshold]).toEqual([256, 256, 0.5]);
  });

  it('draws the lesion where it lies in the captured picture', () => {
    const [lesion] = maskOf(segmented()).mask.lesions;
    expect(lesion?.centroid).toEqual([100 + 200, 50 + 160]);
    expect((lesion?.areaPx ?? 0) / (Math.PI * 1600)).toBeCloseTo(1, 1);
    expect(lesion?.areaMm2).toBeNull();
  });

  it('measures in millimetres where the pixel size is known', () => {
    const [lesion] = maskOf(segmented(), 0.5).mask.lesions;
    expect(lesion?.areaMm2).toBeCloseTo((lesion?.areaPx ?? 0) / 4, 1);
  });

  it('gives the spacing it measured with, or why there is none', () => {
    const spacing = new PixelSpacing(0.5);
    spacing.observe({ width: 640, height: 600 });
    expect(maskOf(segmented(), 0.5)).toMatchObject({ pixelSpacingMm: 0.5, spacingVoid: null });
    expect(maskOf(segmented())).toMatchObject({ pixelSpacingMm: null, spacingVoid: null });
    spacing.observe({ width: 1280, height: 1200 });
    const { mask, ...rest } = maskOf(segmented(), spacing);
    expect(rest).toMatchObject({ pixelSpacingMm: null, spacingVoid: expect.stringContaining('1280 × 1200') as string });
    expect(mask.lesions[0]).toMatchObject({ areaMm2: null, longestDiameterMm: null });
  });

  it('counts the delay from the frame that made the decision possible', () => {
    expect(maskOf(segmented()).timing).toEqual({
      ...{ capturedAt: 900, acquiredAt: 701, detectedAt: 930, inferenceStartedAt: 910, inferenceEndedAt: 940, anticipated: true },
    });
  });

  it('is there once both the decision and the segmentation are', () => {
    expect(maskOf(segmented({}, 940)).at).toBe(940);
    expect(maskOf(segmented({}, 920)).at).toBe(930);
  });

  const told: OperatorFunction<Aside | MaskEvent, string> = map(({ kind }) => kind);
  const events = { a: { kind: 'aside' } as Aside, S: segmented() };
  const values = { a: 'aside', M: 'mask' };

  it(
    'passes everything else, in its place',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<Aside | SegmentedKeyFrame>('a--S-a-|', events);
      expectObservable(source.pipe(tumourMasks<Aside>(segmenter, new PixelSpacing(null)), told)).toBe('a--M-a-|', values);
      expectSubscriptions(source.subscriptions).toBe('^------!');
    }),
  );

  it(
    'emits nothing for no input, passes errors on, and unsubscribes with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const masks = tumourMasks<Aside>(segmenter, new PixelSpacing(null));
      expectObservable(cold<Aside>('---|').pipe(masks)).toBe('---|');
      expectObservable(cold<Aside | SegmentedKeyFrame>('S-#', events).pipe(masks, told)).toBe('M-#', values);
      const source = cold<Aside | SegmentedKeyFrame>('a-S-a-|', events);
      expectObservable(source.pipe(masks, told), '^--!').toBe('a-M', values);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => {
      const source = helpers.cold<Aside | SegmentedKeyFrame>('a-S|', events);
      expectTwice(helpers, source.pipe(tumourMasks<Aside>(segmenter, new PixelSpacing(null)), told), 'a-M|', values);
    }),
  );
});
