/**
 * Unsubscribes from a segmenter whose worker is stuck in native code, and exits a little later: in the folder of the
 * project, node exit-while-stuck.js
 */
import { resolve } from 'node:path';
import { workerSegmenter } from '../../src/infer/worker/worker-segmenter.node';

const clock = { now: () => performance.timeOrigin + performance.now() };
const folder = resolve('test/fixtures/bundles/tiny');
const workerFile = resolve('test/fixtures/faulty-worker.js');
const image = new Uint8Array(new SharedArrayBuffer(256 * 256));
image.set([3, 1, 12]);

const subscription = workerSegmenter({ folder, workerFile, provider: 'cpu', clock, threads: 1 }).subscribe((segmenter) => {
  segmenter.segment({ images: new Array<typeof image>(10).fill(image), paddedFrames: 0 }).subscribe({ error: () => undefined });
  setTimeout(() => subscription.unsubscribe(), 300);
  setTimeout(() => {
    process.stdout.write('exit\n');
    process.exit(0);
  }, 1500);
});
