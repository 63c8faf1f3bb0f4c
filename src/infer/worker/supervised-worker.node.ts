import { type InferenceThread, type ThreadOptions, inferenceThread } from './inference-thread.node';

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
