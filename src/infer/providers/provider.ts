/** ONNX Runtime's execution providers, in the order in which `auto` tries them. */
export const PROVIDERS = ['cuda', 'tensorrt', 'webgpu', 'dml', 'coreml', 'cpu'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** A provider that was tried, or not even tried, and why it does not compute. */
export interface Refusal {
  readonly provider: Provider;
  readonly reason: string;
  /** It is there and was tried; false: it is missing on this machine. */
  readonly installed: boolean;
}
