import type { ModelLease } from '../../src/infer/model-slot';
import type { Segmenter } from '../../src/infer/segmenter';

/** One model for every run, for ever. */
export const lent = (segmenter: Segmenter) => (): ModelLease => ({ segmenter, unsubscribe: () => undefined });
