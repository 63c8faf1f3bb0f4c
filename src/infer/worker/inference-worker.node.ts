import { parentPort, workerData } from 'node:worker_threads';
import { monotonicMs } from '../../core/clock.node';
import { readModelBundle } from '../bundle/model-bundle.node';
import { OUTPUT_ROLES } from '../bundle/model-card';
import { ModelError } from '../bundle/model-error';
import { type ModelSession, openModelSession } from './model-session.node';
import type { WorkerData, WorkerEnd, WorkerReply, WorkerRequest } from './worker-messages';

/** The thread that computes: onnxruntime-node blocks the thread it runs on. One request at a time; the main thread keeps the queue. */
async function work({ inside, ...settings }: WorkerData): Promise<void> {
  const reply = (message: WorkerReply): void => parentPort?.postMessage(message);
  const now = (): number => settings.clockOffsetMs + monotonicMs();
  try {
    const bundle = await readModelBundle(settings.folder);
    const session = await within(inside, () => openModelSession(bundle, settings));
    parentPort?.on('message', (request: WorkerRequest | WorkerEnd) => {
      if (request.kind === 'end') parentPort?.close();
      else void within(inside, () => segment(session, request, now)).then(reply);
    });
    reply({ kind: 'ready', card: bundle.card, typicalMs: session.typicalMs });
  } catch (cause) {
    if (!(cause instanceof ModelError)) throw cause;
    reply({ kind: 'refused', code: cause.code, message: cause.message });
  }
}

async function within<T>(inside: WorkerData['inside'], call: () => Promise<T>): Promise<T> {
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

void work(workerData as WorkerData);
