import { type Observable, NEVER, concat, firstValueFrom, lastValueFrom, of, toArray } from 'rxjs';
import type { Segmenter } from '../../src/infer/segmenter';
import { workerSegmenter } from '../../src/infer/worker/worker-segmenter.node';
import { fakeSegmenter } from './fake-segmenter';
import { discStack } from './stacks';

const clock = { now: () => performance.timeOrigin + performance.now() };
const fake = (): Observable<Segmenter> => concat(of(fakeSegmenter({ durationMs: 5, now: clock.now })), NEVER);
const real = (): Observable<Segmenter> => workerSegmenter({ folder: 'test/fixtures/bundles/tiny', provider: 'cpu', clock, threads: 1 });

describe.each([
  ['the fake segmenter', fake],
  ['the worker segmenter', real],
])('%s', (_, open) => {
  let segmenter: Segmenter;
  let close: () => void;

  beforeAll(async () => {
    segmenter = await new Promise<Segmenter>((next, error) => {
      const subscription = open().subscribe({ next, error });
      close = () => subscription.unsubscribe();
    });
  }, 30_000);
  afterAll(() => close());

  const stack = (x: number, y: number) => discStack(x, y, 30, segmenter.offsets.length);

  it('lists the acquisitions of a stack, oldest first, the key frame last', () => {
    expect(segmenter.offsets.at(-1)).toBe(0);
    expect([...segmenter.offsets].sort((a, b) => a - b)).toEqual(segmenter.offsets);
  });

  it('names its model, its provider and its thresholds', () => {
    expect(segmenter.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(segmenter.provider).not.toBe('');
    expect(segmenter.thresholds.tumour).toBeGreaterThan(0);
    expect(segmenter.thresholds.tumour).toBeLessThan(1);
  });

  it('emits one segmentation and completes', async () => {
    const before = clock.now();
    const all = await lastValueFrom(segmenter.segment(stack(128, 128)).pipe(toArray()));
    expect(all).toHaveLength(1);
    const [segmentation] = all;
    if (segmentation === undefined) throw new Error('unreachable');
    const { width, height, tumour, liver, difference, startedAt, endedAt } = segmentation;
    expect([tumour.length, liver.length, difference.length]).toEqual([width * height, width * height, width * height]);
    expect(startedAt).toBeGreaterThanOrEqual(before - 1);
    expect(endedAt).toBeGreaterThanOrEqual(startedAt);
    expect(endedAt).toBeLessThanOrEqual(clock.now() + 1);
  });

  it('gives probabilities that follow the key frame', async () => {
    const { width, height, tumour, liver, difference } = await firstValueFrom(segmenter.segment(stack(60, 180)));
    const at = (values: Float32Array, x: number, y: number): number =>
      values[Math.floor((y * height) / 256) * width + Math.floor((x * width) / 256)] ?? NaN;
    expect(at(tumour, 60, 180)).toBeGreaterThan(segmenter.thresholds.tumour);
    expect(at(tumour, 180, 60)).toBeLessThan(segmenter.thresholds.tumour);
    expect(at(difference, 60, 180)).toBeCloseTo(-180 / 255, 1);
    expect(at(difference, 180, 60)).toBeCloseTo(0, 1);
    for (const values of [tumour, liver]) expect(values.every((p) => p >= 0 && p <= 1)).toBe(true);
  });

  it('does nothing before it is subscribed to, and computes for each subscriber', async () => {
    const cold = segmenter.segment(stack(128, 128));
    const [first, second] = [await firstValueFrom(cold), await firstValueFrom(cold)];
    expect(second.startedAt).toBeGreaterThanOrEqual(first.endedAt);
    expect(second.tumour).toEqual(first.tumour);
    expect(second.tumour).not.toBe(first.tumour);
  });

  it('serves stacks one after another, in the order in which they came', async () => {
    const ends: number[] = [];
    const all = [1, 2, 3].map((i) =>
      lastValueFrom(segmenter.segment(stack(50 * i, 100))).then(({ startedAt, endedAt }) => ends.push(startedAt, endedAt)),
    );
    await Promise.all(all);
    expect([...ends].sort((a, b) => a - b)).toEqual(ends);
  });

  it('takes back what has not begun when unsubscribed from', async () => {
    const seen: string[] = [];
    const first = lastValueFrom(segmenter.segment(stack(50, 50))).then(() => seen.push('first'));
    const goodbye = segmenter.segment(stack(100, 100)).subscribe(() => seen.push('second'));
    const third = lastValueFrom(segmenter.segment(stack(150, 150))).then(() => seen.push('third'));
    goodbye.unsubscribe();
    await Promise.all([first, third]);
    expect(seen).toEqual(['first', 'third']);
  });

  it('rejects a stack that does not fit the model', async () => {
    const short = { images: stack(1, 1).images.slice(1), paddedFrames: 0 };
    await expect(lastValueFrom(segmenter.segment(short))).rejects.toMatchObject({ name: 'SegmentError', code: 'rejected' });
    const odd = { images: stack(1, 1).images.map((i) => i.subarray(1)), paddedFrames: 0 };
    await expect(lastValueFrom(segmenter.segment(odd))).rejects.toMatchObject({ name: 'SegmentError', code: 'rejected' });
  });
});
