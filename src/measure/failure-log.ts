import type { PipelineEvent } from '../event';

/**
 * Limits repeated reports to one per kind every `everyMs`. Returns null if this one should be suppressed, else how many
 * of its kind were suppressed since the last one reported.
 */
export function throttle<Kind>(everyMs: number): (kind: Kind, at: number) => number | null {
  const reported = new Map<Kind, { readonly at: number; suppressed: number }>();
  return (kind, at) => {
    const last = reported.get(kind);
    if (last && at - last.at < everyMs) {
      last.suppressed += 1;
      return null;
    }
    reported.set(kind, { at, suppressed: 0 });
    return last?.suppressed ?? 0;
  };
}

/** Minimum time between log lines about the same failure of a stream. */
const SAME_FAILURE_MS = 10_000;

interface ErrorLog {
  error(facts: object, message: string): void;
}

/**
 * Logs failed inferences: at most one line per stream and reason every ten seconds, with the number suppressed since
 * the previous line. A broken model fails at every key frame.
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
