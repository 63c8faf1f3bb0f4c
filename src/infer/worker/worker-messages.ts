import type { AnalysisImage } from '../../frame';
import type { ModelCard, OutputRole } from '../bundle/model-card';
import type { ModelFault } from '../bundle/model-error';
import type { Provider } from '../providers/provider';

/** What an inference worker is born with. */
export interface WorkerSettings {
  readonly folder: string;
  readonly provider: Provider;
  readonly threads: number;
  /** Added to the machine's monotonic clock, which all threads share, it gives the one clock. */
  readonly clockOffsetMs: number;
}

/** What the worker's thread is born with. */
export interface WorkerData extends WorkerSettings {
  /** 1 while it is inside ONNX Runtime: a thread that is terminated there takes the process with it when the call returns. */
  readonly inside: Int32Array<SharedArrayBuffer>;
}

/** Main thread → worker. Images and results lie in shared memory: only handles travel. */
export interface WorkerRequest {
  readonly kind: 'segment';
  readonly id: number;
  readonly images: readonly AnalysisImage[];
  readonly results: Record<OutputRole, Float32Array<SharedArrayBuffer>>;
}

/** Main thread → worker: end when nothing runs any more. */
export interface WorkerEnd {
  readonly kind: 'end';
}

/** Worker → main thread. */
export type WorkerReply =
  /** Loaded, warm, golden check passed. */
  | { readonly kind: 'ready'; readonly card: ModelCard; readonly typicalMs: number }
  | { readonly kind: 'refused'; readonly code: ModelFault; readonly message: string }
  | { readonly kind: 'segmented'; readonly id: number; readonly startedAt: number; readonly endedAt: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
