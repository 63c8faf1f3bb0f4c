import { availableParallelism } from 'node:os';
import { Observable } from 'rxjs';
import type { Clock } from '../../core/clock';
import { monotonicMs } from '../../core/clock.node';
import { builtFile } from '../../core/package.node';
import { ANALYSIS_SIZE } from '../../frame';
import { type TemporalStack } from '../../runs/temporal-stack';
import type { Provider } from '../providers/provider';
import { type Segmenter, SegmentError } from '../segmenter';
import { type InferenceQueue, inferenceQueue, supervisedWorker } from './inference-queue.node';
import type { ReadyModel } from './inference-thread.node';

export interface WorkerSegmenterOptions {
  readonly folder: string;
  readonly provider: Provider;
  readonly clock: Clock;
  /** Threads that one operator is spread over; by default one core stays free for capture and sockets. */
  readonly threads?: number;
  /** The limit of one inference; by default 20 times that of the golden input, at least 2 s. */
  readonly timeoutMs?: number;
  /** The limit for loading, warming up and checking; by default 2 minutes. */
  readonly loadTimeoutMs?: number;
  readonly workerFile?: string;
  /** Called when a worker has died and another replaces it. */
  readonly onReplaced?: (reason: string) => void;
}

/** A segmenter that computes in a worker thread. */
export interface WorkerSegmenter extends Segmenter, ReadyModel {}

/**
 * Emits one segmenter when its model is loaded, warm and checked. Never completes; unsubscribing ends the worker.
 * Errors with a `ModelError` when the model is refused. A worker that crashes or hangs later is replaced, and its
 * stack is tried once more.
 *
 *    workerSegmenter  -----s--------
 */
export function workerSegmenter(options: WorkerSegmenterOptions): Observable<WorkerSegmenter> {
  return new Observable((subscriber) => {
    const settings = {
      folder: options.folder,
      provider: options.provider,
      threads: options.threads ?? Math.max(1, availableParallelism() - 1),
      clockOffsetMs: options.clock.now() - monotonicMs(),
    };
    const {
      workerFile = builtFile('infer/worker/inference-worker.node.js'),
      loadTimeoutMs = 120_000,
      onReplaced = () => undefined,
    } = options;
    const thread = supervisedWorker({ settings, workerFile, loadTimeoutMs }, onReplaced);
    const queue = inferenceQueue(thread, options.timeoutMs);
    thread.current().ready.then(
      (model) => subscriber.next(toSegmenter(model, options.provider, queue.add)),
      (cause: unknown) => subscriber.error(cause),
    );
    return () => {
      thread.close();
      queue.close();
    };
  });
}

function toSegmenter(model: ReadyModel, provider: Provider, add: InferenceQueue['add']): WorkerSegmenter {
  const { name, version, sha256, inputs, thresholds } = model.card;
  const { offsets } = inputs.frames;
  return {
    ...model,
    model: { name, version, sha256 },
    provider,
    offsets,
    thresholds,
    segment: (stack) =>
      new Observable((subscriber) => {
        const problem = stackProblem(stack, offsets.length);
        if (problem === undefined) return add(stack, subscriber);
        subscriber.error(new SegmentError('rejected', problem));
        return undefined;
      }),
  };
}

function stackProblem({ images }: TemporalStack, frames: number): string | undefined {
  if (images.length !== frames) return `Expected a stack of ${frames} images, got ${images.length}`;
  const odd = images.find((image) => image.length !== ANALYSIS_SIZE ** 2);
  return odd === undefined ? undefined : `Expected images of ${ANALYSIS_SIZE}×${ANALYSIS_SIZE}, got one of ${odd.length} values`;
}
