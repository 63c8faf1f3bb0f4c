import type { Subscriber } from 'rxjs';
import { type TemporalStack } from '../../runs/temporal-stack';
import { type Segmentation, SegmentError } from '../segmenter';
import { type InferenceThread, inferenceThread, type ThreadOptions } from './inference-thread.node';

/** Provides an inference thread that is not known to be dead. */
export interface SupervisedWorker {
  current(): InferenceThread;
  close(): void;
}

/**
 * Keeps one inference thread alive. A thread that has computed is replaced at once, so that the next stack finds a
 * warm model; one that has not is replaced on demand, so that a worker that dies idle does not do so in a loop.
 */
export function supervisedWorker(options: ThreadOptions, onReplaced: (reason: string) => void): SupervisedWorker {
  let alive: InferenceThread | undefined;
  let closed = false;

  function current(): InferenceThread {
    alive ??= start();
    return alive;
  }
  function start(): InferenceThread {
    const thread = inferenceThread(options);
    let hasComputed = false;
    const watched: InferenceThread = {
      ...thread,
      compute(request, timeoutMs) {
        hasComputed = true;
        return thread.compute(request, timeoutMs);
      },
    };
    void thread.died.then((reason) => {
      if (alive === watched) alive = undefined;
      if (closed) return;
      onReplaced(reason);
      if (hasComputed) current();
    });
    return watched;
  }
  function close(): void {
    closed = true;
    alive?.stop('closed');
  }
  return { current, close };
}

/** Stacks that wait for the worker, in order of arrival. */
export interface InferenceQueue {
  /** Returns a function that cancels the stack while its inference has not begun. */
  add(stack: TemporalStack, subscriber: Subscriber<Segmentation>): () => void;
  /** Stacks that still wait get a `SegmentError`. */
  close(): void;
}

interface Waiting {
  readonly stack: TemporalStack;
  readonly subscriber: Subscriber<Segmentation>;
}

/** Hands one stack at a time to the current thread, and once more to the next thread when it dies of it. */
export function inferenceQueue(thread: SupervisedWorker, timeoutMs: number | undefined): InferenceQueue {
  const waiting: Waiting[] = [];
  let busy = false;
  let nextId = 0;
  let closed = false;
  let sha256: string | undefined;

  function add(stack: TemporalStack, subscriber: Subscriber<Segmentation>): () => void {
    const entry = { stack, subscriber };
    if (closed) subscriber.error(new SegmentError('rejected', 'the segmenter is closed'));
    else waiting.push(entry);
    void advance();
    return () => {
      const at = waiting.indexOf(entry);
      if (at >= 0) waiting.splice(at, 1);
    };
  }

  async function advance(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await serve(next);
    busy = false;
  }

  async function serve({ stack, subscriber }: Waiting): Promise<void> {
    try {
      const segmentation = await infer(stack).catch((cause: unknown) => {
        if (closed || subscriber.closed) throw cause;
        return infer(stack);
      });
      subscriber.next(segmentation);
      subscriber.complete();
    } catch (cause) {
      subscriber.error(
        cause instanceof SegmentError
          ? cause
          : new SegmentError('crashed', `no inference worker: ${String(cause)}`, { cause, untried: true }),
      );
    }
  }

  async function infer(stack: TemporalStack): Promise<Segmentation> {
    const worker: InferenceThread = thread.current();
    const { card, typicalMs } = await worker.ready;
    sha256 ??= card.sha256;
    // A new worker rereads the bundle: masks must not come from a model other than the one they name.
    if (card.sha256 !== sha256)
      throw new SegmentError('rejected', `the bundle holds another model now (${card.sha256}): reload or restart to use it`);
    const [, , height, width] = card.outputs.tumour.shape;
    const grid = (): Float32Array<SharedArrayBuffer> => new Float32Array(new SharedArrayBuffer(4 * width * height));
    const results = { tumour: grid(), liver: grid(), difference: grid() };
    const request = { kind: 'segment' as const, id: nextId++, images: stack.images, results };
    const { startedAt, endedAt } = await worker.compute(request, timeoutMs ?? Math.max(2000, 20 * typicalMs));
    return { width, height, ...results, startedAt, endedAt };
  }

  function close(): void {
    closed = true;
    for (const { subscriber } of waiting.splice(0)) subscriber.error(new SegmentError('rejected', 'the segmenter was closed'));
  }
  return { add, close };
}
