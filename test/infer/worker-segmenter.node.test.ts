import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Subscription, firstValueFrom, lastValueFrom } from 'rxjs';
import { type WorkerSegmenter, workerSegmenter, type WorkerSegmenterOptions } from '../../src/infer/worker/worker-segmenter.node';
import type { TemporalStack } from '../../src/runs/temporal-stack';
import { discStack, image } from './stacks';

const clock = { now: () => performance.timeOrigin + performance.now() };
const faulty = resolve('test/fixtures/faulty-worker.js');
const [CRASH, SPIN, STUCK, EXIT] = [1, 2, 3, 4];

let open: Subscription[] = [];
afterEach(() => {
  for (const subscription of open) subscription.unsubscribe();
  open = [];
});

function opened(options: Partial<WorkerSegmenterOptions> = {}): Promise<WorkerSegmenter> {
  return new Promise((next, error) => {
    const all = { folder: 'test/fixtures/bundles/tiny', provider: 'cpu', clock, threads: 1, ...options } as const;
    open.push(workerSegmenter(all).subscribe({ next, error }));
  });
}

/** A stack that makes the faulty worker fail so many times. */
function poisoned(fault: number | undefined, times: number): TemporalStack {
  const { images } = discStack(128, 128, 40);
  const poison = image(() => 200);
  poison.set([fault ?? 0, times, 3]);
  return { images: [poison, ...images.slice(1)], paddedFrames: 0 };
}

describe('a worker segmenter', () => {
  it.each([
    ['crashes', CRASH, 'the inference worker crashed: made to crash'],
    ['spins for ever', SPIN, 'no answer from the inference worker within 1500 ms'],
    ['is stuck in native code', STUCK, 'no answer from the inference worker within 1500 ms'],
    ['exits', EXIT, 'the inference worker ended with code 7'],
  ])(
    'replaces a worker that %s, and tries the stack once more',
    async (_, fault, reason) => {
      const replaced: string[] = [];
      const segmenter = await opened({ workerFile: faulty, timeoutMs: 1500, onReplaced: (why) => replaced.push(why) });
      const { tumour } = await firstValueFrom(segmenter.segment(poisoned(fault, 1)));
      expect(tumour[128 * 256 + 128]).toBeGreaterThan(0.9);
      expect(replaced).toEqual([reason]);
    },
    20_000,
  );

  it.each([
    ['crashes', CRASH, 'crashed'],
    ['hangs', SPIN, 'timed-out'],
  ])(
    'gives up a stack on which the worker %s twice, and serves the next',
    async (_, fault, code) => {
      const segmenter = await opened({ workerFile: faulty, timeoutMs: 1500 });
      const [bad, good] = await Promise.allSettled([
        lastValueFrom(segmenter.segment(poisoned(fault, 2))),
        lastValueFrom(segmenter.segment(poisoned(CRASH, 0))),
      ]);
      expect(bad).toMatchObject({ status: 'rejected', reason: { name: 'SegmentError', code } });
      expect(good).toMatchObject({ status: 'fulfilled' });
    },
    20_000,
  );

  it('gives no mask of another model under the name of the first, when the bundle was exchanged meanwhile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    cpSync('test/fixtures/bundles/tiny', folder, { recursive: true });
    try {
      const segmenter = await opened({ folder, workerFile: faulty });
      await firstValueFrom(segmenter.segment(poisoned(CRASH, 0)));
      const card = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as { sha256: string };
      appendFileSync(join(folder, 'model.onnx'), Uint8Array.of(0x1a, 0x01, 0x78)); // one more field of the file's header: the same graph
      card.sha256 = createHash('sha256')
        .update(readFileSync(join(folder, 'model.onnx')))
        .digest('hex');
      writeFileSync(join(folder, 'model.json'), JSON.stringify(card));
      const outcome = lastValueFrom(segmenter.segment(poisoned(CRASH, 1)));
      await expect(outcome).rejects.toMatchObject({
        code: 'rejected',
        message: expect.stringContaining('the bundle holds another model now') as string,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 20_000);

  it('runs a model of another frame count, other names and another size', async () => {
    const segmenter = await opened({ folder: 'test/fixtures/bundles/other-shape' });
    expect(segmenter.offsets).toEqual([-4, -2, 0]);
    const { width, height, tumour } = await firstValueFrom(segmenter.segment(discStack(200, 60, 30, 3)));
    expect([width, height]).toEqual([128, 128]);
    expect(tumour[30 * 128 + 100]).toBeGreaterThan(0.9);
    expect(tumour[100 * 128 + 30]).toBeLessThan(0.1);
  }, 20_000);

  it('leaves no thread behind when unsubscribed from, even while loading', async () => {
    const early = workerSegmenter({ folder: 'test/fixtures/bundles/tiny', provider: 'cpu', clock }).subscribe();
    early.unsubscribe();
    const segmenter = await opened();
    const computing = lastValueFrom(segmenter.segment(discStack(1, 1, 1)));
    const queued = lastValueFrom(segmenter.segment(discStack(1, 1, 1)));
    for (const subscription of open) subscription.unsubscribe();
    await expect(computing).rejects.toMatchObject({ name: 'SegmentError', code: 'crashed' });
    await expect(queued).rejects.toMatchObject({ name: 'SegmentError', code: 'rejected' });
    await expect(lastValueFrom(segmenter.segment(discStack(1, 1, 1)))).rejects.toMatchObject({ code: 'rejected' });
  }, 20_000);

  it('reads the images where they lie, in shared memory', async () => {
    const segmenter = await opened({ workerFile: faulty });
    const stack = poisoned(CRASH, 1);
    await firstValueFrom(segmenter.segment(stack));
    expect(stack.images[0]?.[1]).toBe(0); // the worker counted down in the very image it was given
  }, 20_000);
});
