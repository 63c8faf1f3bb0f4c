/** Segments one stack with a bundle on a provider and prints JSON: node segment-with.js BUNDLE PROVIDER */
import { firstValueFrom } from 'rxjs';
import type { AnalysisImage } from '../../../src/frame';
import type { ModelError } from '../../../src/infer/bundle/model-error';
import { loadedSegmenter } from '../../../src/infer/loaded-segmenter.node';
import type { Provider } from '../../../src/infer/providers/provider';

const [folder = '', provider] = process.argv.slice(2);
const clock = { now: () => performance.timeOrigin + performance.now() };
const side = 256;

function stack(frames: number): AnalysisImage[] {
  return Array.from({ length: frames }, (_, frame) => {
    const image = new Uint8Array(new SharedArrayBuffer(side * side));
    for (let i = 0; i < image.length; i++)
      image[i] = Math.hypot((i % side) - 90, Math.floor(i / side) - 140) < 30 ? 200 - 18 * frame : 180 + (i % 7);
    return image;
  });
}

const subscription = loadedSegmenter({ folder, provider: provider as Provider, clock, threads: 1 }).subscribe({
  next: (segmenter) => {
    const images = stack(segmenter.offsets.length);
    void firstValueFrom(segmenter.segment({ images, paddedFrames: 0 })).then(({ tumour }) => {
      const { refusals, typicalMs } = segmenter;
      process.stdout.write(JSON.stringify({ provider: segmenter.provider, refusals, typicalMs, tumour: Array.from(tumour) }));
      subscription.unsubscribe();
    });
  },
  error: ({ code, message }: ModelError) => void process.stdout.write(JSON.stringify({ code, message })),
});
