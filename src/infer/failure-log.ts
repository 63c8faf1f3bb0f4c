import type { PipelineEvent } from '../event';

/** So often at most is it said of a stream that its inference fails in the same way. */
const SAME_FAILURE_MS = 10_000;

interface ErrorLog {
  error(facts: object, message: string): void;
}

/** Logs inferences that fail: a model that does so does it at every key frame, so once in a while, with how many were left unsaid since. */
export function failureLog(log: ErrorLog): (event: PipelineEvent) => void {
  const told = new Map<string, { readonly at: number; unsaid: number }>();
  return (event) => {
    if (event.kind !== 'failure') return;
    const { stream, reason, message, at } = event;
    const key = JSON.stringify([stream, reason]);
    const before = told.get(key);
    if (before && at - before.at < SAME_FAILURE_MS) {
      before.unsaid += 1;
      return;
    }
    told.set(key, { at, unsaid: 0 });
    log.error({ stream, reason, ...(before && before.unsaid > 0 && { unsaid: before.unsaid }) }, `inference failed: ${message}`);
  };
}
