/** What ONNX Runtime complains of, on one line and without the places in its own sources. */
export function runtimeMessage(cause: unknown): string {
  const text = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ').trim();
  const cuda = /\b(?:CUDA|CUDNN|CUBLAS|CUFFT|CURAND) failure \d+: [^;]*[^; ]/.exec(text);
  return cuda?.[0] ?? text.replace(/^\/onnxruntime_src\/.* was false\. /, '');
}
