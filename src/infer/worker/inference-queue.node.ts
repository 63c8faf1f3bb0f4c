import type { Subscriber } from 'rxjs';
import { type Segmentation, SegmentError, type TemporalStack } from '../segmenter';
import { type InferenceThread, inferenceThread, type ThreadOptions } from './inference-thread.node';

/** Always a thread that is not known to be dead. */
export interface SupervisedWorker {
  current(): InferenceThread;
  close(): void;
}

/**
 * Keeps one inference thread alive. One that had computed is replaced at once, so that the next stack finds a warm model;
 * one that had not is replaced on demand, so that a worker which dies idle cannot do so in a loop.
 */
export function supervisedWorker(options: ThreadOptions, onReplaced: (reason: string) => void): SupervisedWorker {
  let alive: InferenceThread | undefined;
  let closed = false;

  function current(): InferenceThread {
    alive ??= start();
    return alive;
  }
  function start(): InferenceThread {
    const born = inferenceThread(options);
    let hasComputed = false;
    const watched: InferenceThread = {
      ...born,
      compute(request, timeoutMs) {
        hasComputed = true;
        return born.compute(request, timeoutMs);
      },
    };
    void born.died.then((reason) => {
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

/** Stacks wait here for the one worker, in the order in which they came. */
export interface InferenceQueue {
  /** Returns what takes the stack back, as long as its inference has not begun. */
  add(stack: TemporalStack, subscriber: Subscriber<Segmentation>): () => void;
  /** Whoever still waits gets a `SegmentError`. */
  close(): void;
}

interface Waiting {
  readonly stack: TemporalStack;
  readonly subscriber: Subscriber<Segmentation>;
}

/** Hands one stack at a time to the living thread, and hands it over once more when the thread dies of it. */
export function inferenceQueue(thread: SupervisedWorker, timeoutMs: number | undefined): InferenceQueue {
  const waiting: Waiting[] = [];
  let busy = false;
  let serial = 0;
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
    // A replaced worker reads the bundle anew: masks must not come from another model than the one they name.
    if (card.sha256 !== sha256)
      throw new SegmentError('rejected', `another model lies in the bundle now (${card.sha256}): reload or start again to use it`);
    const [, , height, width] = card.outputs.tumour.shape;
    const grid = (): Float32Array<SharedArrayBuffer> => new Float32Array(new SharedArrayBuffer(4 * width * height));
    const results = { tumour: grid(), liver: grid(), difference: grid() };
    const request = { kind: 'segment' as const, id: serial++, images: stack.images, results };
    const { startedAt, endedAt } = await worker.compute(request, timeoutMs ?? Math.max(2000, 20 * typicalMs));
    return { width, height, ...results, startedAt, endedAt };
  }

  function close(): void {
    closed = true;
    for (const { subscriber } of waiting.splice(0)) subscriber.error(new SegmentError('rejected', 'the segmenter was closed'));
  }
  return { add, close };
}
