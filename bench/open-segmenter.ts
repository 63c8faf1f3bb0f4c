import { type Subscription } from 'rxjs';
import { ANALYSIS_SIZE, type AnalysisImage } from '../src/frame';
import { type LoadedSegmenter, loadedSegmenter, type LoadedSegmenterOptions } from '../src/infer/loaded-segmenter.node';

const clock = { now: () => performance.timeOrigin + performance.now() };

/** A warm segmenter as the program has it; unsubscribing ends its worker. */
export function openSegmenter(
  options: Omit<LoadedSegmenterOptions, 'clock'>,
): Promise<{ segmenter: LoadedSegmenter; subscription: Subscription }> {
  return new Promise((resolve, reject) => {
    const subscription: Subscription = loadedSegmenter({ ...options, clock }).subscribe({
      next: (segmenter) => resolve({ segmenter, subscription }),
      error: reject,
    });
  });
}

/** So many images of noise in which a disc grows darker, as a stack of a run. */
export function darkeningStack(frames: number): AnalysisImage[] {
  return Array.from({ length: frames }, (_, frame) => {
    const image = new Uint8Array(new SharedArrayBuffer(ANALYSIS_SIZE ** 2));
    for (let i = 0; i < image.length; i++)
      image[i] = 180 + ((i * 31 + frame * 17) % 23) - (Math.hypot((i % 256) - 110, (i >> 8) - 120) < 35 ? 9 * frame : 0);
    return image;
  });
}
