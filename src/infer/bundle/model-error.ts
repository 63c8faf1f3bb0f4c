import { escapeLine } from '../../core/log-text';

/**
 * What is wrong: the card, a file, its hash, names or shapes of the graph, its outputs, the graph itself, or the
 * provider.
 */
export type ModelFault = 'card' | 'file' | 'hash' | 'names' | 'shapes' | 'golden' | 'graph' | 'provider';

/** A model bundle is invalid, or a provider cannot compute it. The message says why in one line. */
export class ModelError extends Error {
  override readonly name = 'ModelError';

  constructor(
    readonly code: ModelFault,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(escapeLine(message), options);
  }
}

/** ONNX Runtime's error message on one line, without locations in its own sources. */
export function runtimeMessage(cause: unknown): string {
  const text = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ').trim();
  const cuda = /\b(?:CUDA|CUDNN|CUBLAS|CUFFT|CURAND) failure \d+: [^;]*[^; ]/.exec(text);
  return cuda?.[0] ?? text.replace(/^\/onnxruntime_src\/.* was false\. /, '');
}
