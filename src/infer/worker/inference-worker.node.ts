import { parentPort, workerData } from 'node:worker_threads';
import { monotonicMs } from '../../core/clock.node';
import type { AnalysisImage } from '../../frame';
import { readModelBundle } from '../bundle/model-bundle.node';
import { type ModelCard, OUTPUT_ROLES, type OutputRole } from '../bundle/model-card';
import { ModelError, type ModelFault } from '../bundle/model-error';
import type { Provider } from '../providers/provider';
import { type ModelSession, openModelSession } from './model-session.node';

export interface WorkerSettings {
  readonly folder: string;
  readonly provider: Provider;
  readonly threads: number;
  /** The process's clock minus the machine's monotonic clock, which all threads share. */
  readonly clockOffsetMs: number;
}

export interface WorkerData extends WorkerSettings {
  /** 1 while the thread is inside ONNX Runtime, where terminating it would abort the process. */
  readonly inside: Int32Array<SharedArrayBuffer>;
}

/** Main thread → worker. Images and results lie in shared memory. */
export interface WorkerRequest {
  readonly kind: 'segment';
  readonly id: number;
  readonly images: readonly AnalysisImage[];
  readonly results: Record<OutputRole, Float32Array<SharedArrayBuffer>>;
}

/** Main thread → worker: end as soon as nothing runs. */
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

/**
 * Computes in a thread of its own, since onnxruntime-node blocks. One request at a time; the main thread keeps the
 * queue.
 */
async function serve({ inside, ...settings }: WorkerData): Promise<void> {
  const reply = (message: WorkerReply): void => parentPort?.postMessage(message);
  const now = (): number => settings.clockOffsetMs + monotonicMs();
  try {
    const bundle = await readModelBundle(settings.folder);
    const session = await whileInside(inside, () => openModelSession(bundle, settings));
    parentPort?.on('message', (request: WorkerRequest | WorkerEnd) => {
      if (request.kind === 'end') parentPort?.close();
      else void whileInside(inside, () => segment(session, request, now)).then(reply);
    });
    reply({ kind: 'ready', card: bundle.card, typicalMs: session.typicalMs });
  } catch (cause) {
    if (!(cause instanceof ModelError)) throw cause;
    reply({ kind: 'refused', code: cause.code, message: cause.message });
  }
}

async function whileInside<T>(inside: WorkerData['inside'], call: () => Promise<T>): Promise<T> {
  Atomics.store(inside, 0, 1);
  try {
    return await call();
  } finally {
    Atomics.store(inside, 0, 0);
  }
}

async function segment(session: ModelSession, { id, images, results }: WorkerRequest, now: () => number): Promise<WorkerReply> {
  try {
    const startedAt = now();
    const outputs = await session.run(images);
    const endedAt = now();
    for (const role of OUTPUT_ROLES) results[role].set(outputs[role]);
    return { kind: 'segmented', id, startedAt, endedAt };
  } catch (cause) {
    return { kind: 'failed', id, message: cause instanceof Error ? cause.message : String(cause) };
  }
}

void serve(workerData as WorkerData);
