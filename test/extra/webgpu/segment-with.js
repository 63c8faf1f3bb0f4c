/** Segments one stack with a bundle on a provider and prints JSON: node segment-with.js BUNDLE PROVIDER */
const { performance } = require('node:perf_hooks');
const { firstValueFrom } = require('rxjs');
const { loadedSegmenter } = require('../../../dist/infer/loaded-segmenter.node.js');

const [folder, provider] = process.argv.slice(2);
const clock = { now: () => performance.timeOrigin + performance.now() };
const side = 256;

function stack(frames) {
  return Array.from({ length: frames }, (_, frame) => {
    const image = new Uint8Array(new SharedArrayBuffer(side * side));
    for (let i = 0; i < image.length; i++)
      image[i] = Math.hypot((i % side) - 90, Math.floor(i / side) - 140) < 30 ? 200 - 18 * frame : 180 + (i % 7);
    return image;
  });
}

const subscription = loadedSegmenter({ folder, provider, clock, threads: 1 }).subscribe({
  next: async (segmenter) => {
    const { tumour } = await firstValueFrom(segmenter.segment({ images: stack(segmenter.offsets.length), paddedFrames: 0 }));
    const { refusals, typicalMs } = segmenter;
    process.stdout.write(JSON.stringify({ provider: segmenter.provider, refusals, typicalMs, tumour: Array.from(tumour) }));
    subscription.unsubscribe();
  },
  error: ({ code, message }) => process.stdout.write(JSON.stringify({ code, message })),
});
