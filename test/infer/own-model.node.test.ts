import { type Subscription, firstValueFrom } from 'rxjs';
import type { AnalysisImage } from '../../src/frame';
import { readModelBundle } from '../../src/infer/bundle/model-bundle.node';
import { type WorkerSegmenter, workerSegmenter } from '../../src/infer/worker/worker-segmenter.node';
import { toTumourMask } from '../../src/mask/tumour-masks';

const folder = 'models/dsa-ltdnet';
const clock = { now: () => performance.timeOrigin + performance.now() };

describe('the model that comes with the program', () => {
  let segmenter: WorkerSegmenter;
  let subscription: Subscription;
  let images: readonly AnalysisImage[];
  beforeAll(async () => {
    images = (await readModelBundle(folder)).goldenInput;
    segmenter = await new Promise((next, error) => {
      subscription = workerSegmenter({ folder, provider: 'cpu', clock, threads: 1 }).subscribe({ next, error });
    });
  }, 60_000);
  afterAll(() => subscription.unsubscribe());

  it('passes its golden check, and takes the ten acquisitions up to the key frame', () => {
    expect(segmenter.model.name).toBe('dsa-ltdnet');
    expect(segmenter.offsets).toEqual([-9, -8, -7, -6, -5, -4, -3, -2, -1, 0]);
  });

  it('finds tumour and liver in its golden input, the tumour smaller than the liver', async () => {
    const segmentation = await firstValueFrom(segmenter.segment({ images, paddedFrames: 0 }));
    const imageArea = { x: 0, y: 0, width: 1021, height: 788 };
    const { lesions, liver } = toTumourMask(segmentation, { thresholds: segmenter.thresholds, imageArea, pixelSpacingMm: 0.3 });
    const areaPx = lesions.reduce((sum, lesion) => sum + lesion.areaPx, 0);
    expect(areaPx).toBeGreaterThan(0);
    expect(liver.areaPx).toBeGreaterThan(areaPx);
    expect(liver.areaPx).toBeLessThan(1021 * 788);
  }, 30_000);
});
