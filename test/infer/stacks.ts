import { ANALYSIS_SIZE, type AnalysisImage } from '../../src/frame';
import type { TemporalStack } from '../../src/runs/temporal-stack';

/** An image in shared memory, each grey value as a function of its place. */
export function image(grey: (x: number, y: number) => number): AnalysisImage {
  const pixels = new Uint8Array(new SharedArrayBuffer(ANALYSIS_SIZE * ANALYSIS_SIZE));
  for (let i = 0; i < pixels.length; i++) pixels[i] = grey(i % ANALYSIS_SIZE, Math.floor(i / ANALYSIS_SIZE));
  return pixels;
}

/** Bright images; on the last, a dark disc around (x, y). */
export function discStack(x: number, y: number, radius: number, frames = 10): TemporalStack {
  const bright = image(() => 200);
  const disc = image((px, py) => (Math.hypot(px - x, py - y) <= radius ? 20 : 200));
  return { images: [...Array.from({ length: frames - 1 }, () => bright), disc], paddedFrames: 0 };
}
