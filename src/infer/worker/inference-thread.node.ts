import './no-telemetry.node';
import { Worker } from 'node:worker_threads';
import { monotonicMs } from '../../core/clock.node';
import type { ModelCard } from '../bundle/model-card';
import { ModelError } from '../bundle/model-error';
import { SegmentError } from '../segmenter';
import type { WorkerData, WorkerEnd, WorkerReply, WorkerRequest, WorkerSettings } from './inference-worker.node';

/** A model that is loaded, warm and checked. */
export interface ReadyModel {
  readonly card: ModelCard;
  /** How long the warm graph takes for the golden input. */
  readonly typicalMs: number;
}

/** When the networks started and finished computing, in the time of the process's clock. */
export interface ComputeTimes {
  readonly startedAt: number;
  readonly endedAt: number;
}

/** One inference worker, from start to death; afterwards it is of no use. */
export interface InferenceThread {
  /** Rejects with a `ModelError` when the bundle is invalid or the worker dies first. */
  readonly ready: Promise<ReadyModel>;
  /** Resolves with the reason when the thread is dead, whatever killed it. */
  readonly died: Promise<string>;
  /**
   * One at a time, when ready. Rejects with a `SegmentError` after `timeoutMs` or when the worker dies; either ends
   * the thread.
   */
  compute(request: WorkerRequest, timeoutMs: number): Promise<ComputeTimes>;
  /**
   * Ends the thread. One stuck in native code cannot be ended: it is ignored from then on and ends with the process.
   */
  stop(reason: string): void;
}

export interface ThreadOptions {
  readonly settings: WorkerSettings;
  readonly workerFile: string;
  /** How long loading, warming up and checking may take. */
  readonly loadTimeoutMs: number;
}

/** Starts a worker, which begins to load its model. */
export function inferenceThread({ settings, workerFile, loadTimeoutMs }: ThreadOptions): InferenceThread {
  const inside = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(workerFile, { workerData: { ...settings, inside } satisfies WorkerData, name: 'inference' });
  const ready = withResolvers<ReadyModel>();
  const died = withResolvers<string>();
  let running: { done(computed: ComputeTimes): void; failed(error: SegmentError): void } | undefined;
  let dead: string | undefined;
  const loading = setTimeout(() => stop(`the model was not ready within ${loadTimeoutMs} ms`), loadTimeoutMs);

  function end(reason: string, code: 'crashed' | 'timed-out'): void {
    if (dead !== undefined) return;
    dead = reason;
    clearTimeout(loading);
    terminate(worker, inside);
    died.resolve(reason);
    ready.reject(new ModelError('provider', `${settings.provider}: ${reason}`));
    running?.failed(new SegmentError(code, reason));
  }
  const stop = (reason: string): void => end(reason, 'crashed');

  function compute(request: WorkerRequest, timeoutMs: number): Promise<ComputeTimes> {
    return new Promise<ComputeTimes>((done, failed) => {
      if (dead !== undefined) return failed(new SegmentError('crashed', dead));
      const watchdog = setTimeout(() => end(`no answer from the inference worker within ${timeoutMs} ms`, 'timed-out'), timeoutMs);
      const settled = (): void => {
        clearTimeout(watchdog);
        running = undefined;
      };
      running = { done: (computed) => (settled(), done(computed)), failed: (error) => (settled(), failed(error)) };
      worker.postMessage(request);
    });
  }

  function onMessage(message: WorkerReply): void {
    switch (message.kind) {
      case 'ready':
        clearTimeout(loading);
        return ready.resolve({ card: message.card, typicalMs: message.typicalMs });
      case 'refused':
        ready.reject(new ModelError(message.code, message.message));
        return stop(message.message);
      case 'segmented':
        return running?.done({ startedAt: message.startedAt, endedAt: message.endedAt });
      case 'failed':
        return stop(`the graph failed: ${message.message}`);
    }
  }

  worker.on('message', (message: WorkerReply) => {
    if (dead === undefined) onMessage(message);
  });
  worker.on('error', (cause: Error) => stop(`the inference worker crashed: ${cause.message}`));
  worker.on('exit', (code) => stop(`the inference worker ended with code ${code}`));
  ready.promise.catch(() => undefined);
  return { ready: ready.promise, died: died.promise, compute, stop };
}

/** How long a thread may take to end when the process exits. */
const EXIT_TIMEOUT_MS = 1000;

/**
 * Ends a thread. One inside ONNX Runtime ends when its call returns, since terminating it there would abort the
 * process. `process.exit` waits for threads, forever for one stuck in native code; then only a signal ends the
 * process.
 */
function terminate(worker: Worker, inside: WorkerData['inside']): void {
  const since = monotonicMs();
  const lastResort = (): void => {
    if (monotonicMs() - since >= EXIT_TIMEOUT_MS) process.kill(process.pid, 'SIGKILL');
  };
  process.on('exit', lastResort);
  worker.once('exit', () => process.off('exit', lastResort));
  if (Atomics.load(inside, 0) === 1) worker.postMessage({ kind: 'end' } satisfies WorkerEnd);
  else void worker.terminate();
}

function withResolvers<T>(): { promise: Promise<T>; resolve(value: T): void; reject(cause: Error): void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (cause: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
