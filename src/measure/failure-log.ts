import type { PipelineEvent } from '../event';

/**
 * Tells what happens again and again only once in a while: gives how many of its kind were left untold since the last
 * time, null where it is to be left untold, too.
 */
export function throttle<Kind>(everyMs: number): (kind: Kind, at: number) => number | null {
  const told = new Map<Kind, { readonly at: number; untold: number }>();
  return (kind, at) => {
    const before = told.get(kind);
    if (before && at - before.at < everyMs) {
      before.untold += 1;
      return null;
    }
    told.set(kind, { at, untold: 0 });
    return before?.untold ?? 0;
  };
}

/** So often at most is it said of a stream that its inference fails in the same way. */
const SAME_FAILURE_MS = 10_000;

interface ErrorLog {
  error(facts: object, message: string): void;
}

/**
 * Logs inferences that fail: a model that does so does it at every key frame, so once in a while, with how many were
 * left unsaid since.
 */
export function failureLog(log: ErrorLog): (event: PipelineEvent) => void {
  const suppressedCount = throttle<string>(SAME_FAILURE_MS);
  return (event) => {
    if (event.kind !== 'failure') return;
    const { stream, run, frame, reason, message, at } = event;
    const suppressed = suppressedCount(JSON.stringify([stream, reason]), at);
    if (suppressed !== null)
      log.error({ stream, run, frame, reason, ...(suppressed > 0 && { suppressed }) }, `inference failed: ${message}`);
  };
}
