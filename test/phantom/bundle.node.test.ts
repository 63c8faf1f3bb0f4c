import { resolve } from 'node:path';
import { type Subscription, firstValueFrom } from 'rxjs';
import { selectKeyFrame } from '../../src/detect/select-key-frame';
import { ANALYSIS_SIZE, type AnalysisImage } from '../../src/frame';
import type { TemporalStack } from '../../src/infer/segmenter';
import { type WorkerSegmenter, workerSegmenter } from '../../src/infer/worker/worker-segmenter.node';
import { phantomRun, type PhantomRun } from '../../src/phantom/feed/phantom-run';

jest.setTimeout(120_000);

/** Patients that no bundle was trained on, each with at least one tumour rich in blood and 40 pixels across. */
const UNSEEN = [910003, 910006, 910035, 910049];
const clock = { now: () => performance.timeOrigin + performance.now() };

describe('the bundle models/dsa-ltdnet', () => {
  let subscription: Subscription | undefined;
  let segmenter: WorkerSegmenter;
  beforeAll(async () => {
    segmenter = await new Promise<WorkerSegmenter>((next, error) => {
      const options = { folder: resolve('models/dsa-ltdnet'), provider: 'cpu', clock, threads: 1 } as const;
      subscription = workerSegmenter(options).subscribe({ next, error });
    });
  });
  afterAll(() => subscription?.unsubscribe());

  it('marks the tumours and the liver of simulated patients it has never seen', async () => {
    const tumours: number[] = [];
    const livers: number[] = [];
    for (const seed of UNSEEN) {
      const run = phantomRun(seed, { width: ANALYSIS_SIZE, height: ANALYSIS_SIZE });
      const { stack, key } = keyFrameStack(run);
      const { tumour, liver } = await firstValueFrom(segmenter.segment(stack));
      tumours.push(dice(tumour, segmenter.thresholds.tumour, run.tumourMaskAt(key)));
      livers.push(dice(liver, segmenter.thresholds.liver, run.liverMaskAt(key)));
    }
    expect(mean(tumours)).toBeGreaterThan(0.7);
    expect(mean(livers)).toBeGreaterThan(0.85);
  });

  it('marks next to nothing before the contrast comes', async () => {
    const run = phantomRun(910006, { width: ANALYSIS_SIZE, height: ANALYSIS_SIZE });
    const first = toAnalysis(run, 0);
    const { tumour } = await firstValueFrom(segmenter.segment({ images: Array<AnalysisImage>(10).fill(first), paddedFrames: 9 }));
    const marked = tumour.reduce((sum, probability) => sum + (probability >= segmenter.thresholds.tumour ? 1 : 0), 0);
    expect(marked / tumour.length).toBeLessThan(0.002);
  });
});

function toAnalysis(run: PhantomRun, acquisition: number): AnalysisImage {
  const image = new Uint8Array(new SharedArrayBuffer(ANALYSIS_SIZE * ANALYSIS_SIZE));
  image.set(run.imageAt(acquisition));
  return image;
}

function keyFrameStack(run: PhantomRun): { stack: TemporalStack; key: number } {
  const images = Array.from({ length: run.acquisitions }, (_, k) => toAnalysis(run, k));
  const key = selectKeyFrame(images)!.index;
  const stack = Array.from({ length: 10 }, (_, i) => images[Math.max(0, key - 9 + i)]!);
  return { stack: { images: stack, paddedFrames: Math.max(0, 9 - key) }, key };
}

function dice(probability: Float32Array, threshold: number, truth: Uint8Array): number {
  let shared = 0;
  let total = 0;
  probability.forEach((value, i) => {
    const found = value >= threshold ? 1 : 0;
    shared += found & truth[i]!;
    total += found + truth[i]!;
  });
  return total === 0 ? 1 : (2 * shared) / total;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
