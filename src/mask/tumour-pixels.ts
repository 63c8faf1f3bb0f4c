import type { Segmentation, Segmenter } from '../infer/segmenter';
import { connectedComponents } from './components';

/** 1 where a probability is at least `from`, 0 elsewhere and for NaN. */
export function threshold(probabilities: Float32Array, from: number): Uint8Array {
  const bits = new Uint8Array(probabilities.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (probabilities[i] as number) >= from ? 1 : 0;
  return bits;
}

/**
 * 1 where a pixel counts as tumour: from the threshold on, and in a region (8-connectivity) whose mean probability
 * reaches that of a lesion, where the model has one.
 */
export function tumourPixels(
  { width, height, tumour }: Pick<Segmentation, 'width' | 'height' | 'tumour'>,
  { tumour: from, lesion }: Segmenter['thresholds'],
): Uint8Array {
  const bits = threshold(tumour, from);
  if (lesion === undefined) return bits;
  const { labels, components } = connectedComponents(bits, width, height, 1);
  const sums = new Float64Array(components.length + 1);
  for (let i = 0; i < bits.length; i++) if (bits[i] === 1) sums[labels[i] as number]! += tumour[i] as number;
  const likely = Uint8Array.from(sums, () => 1);
  for (const { label, area } of components) likely[label] = (sums[label] as number) < lesion * area ? 0 : 1;
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] as number) & (likely[labels[i] as number] as number);
  return bits;
}
