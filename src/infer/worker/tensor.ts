import type { AnalysisImage } from '../../frame';
import type { ModelCard } from '../bundle/model-card';

/**
 * Writes images one after another as the floats a graph is fed: `(grey / divideBy − mean) / std`, shape [1, images, height, width].
 * `target` belongs to the caller and is returned, so that one array serves every inference.
 */
export function toTensor(images: readonly AnalysisImage[], normalisation: ModelCard['normalisation'], target: Float32Array): Float32Array {
  const total = images.reduce((sum, image) => sum + image.length, 0);
  if (total !== target.length) throw new Error(`Expected ${target.length} grey values, got ${total}`);
  const { divideBy, mean, std } = normalisation;
  const value = Float32Array.from({ length: 256 }, (_, grey) => (grey / divideBy - mean) / std);
  let at = 0;
  for (const image of images) {
    for (let i = 0; i < image.length; i++) target[at++] = value[image[i] as number] as number;
  }
  return target;
}

/** What ONNX Runtime complains of, on one line and without the places in its own sources. */
export function runtimeMessage(cause: unknown): string {
  const text = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ').trim();
  const cuda = /\b(?:CUDA|CUDNN|CUBLAS|CUFFT|CURAND) failure \d+: [^;]*[^; ]/.exec(text);
  return cuda?.[0] ?? text.replace(/^\/onnxruntime_src\/.* was false\. /, '');
}
