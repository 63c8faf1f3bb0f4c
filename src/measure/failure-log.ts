import type { PipelineEvent } from '../event';
import { seldom } from './seldom';

/** So often at most is it said of a stream that its inference fails in the same way. */
const SAME_FAILURE_MS = 10_000;

interface ErrorLog {
  error(facts: object, message: string): void;
}

/** Logs inferences that fail: a model that does so does it at every key frame, so once in a while, with how many were left unsaid since. */
export function failureLog(log: ErrorLog): (event: PipelineEvent) => void {
  const toTell = seldom<string>(SAME_FAILURE_MS);
  return (event) => {
    if (event.kind !== 'failure') return;
    const { stream, run, frame, reason, message, at } = event;
    const unsaid = toTell(JSON.stringify([stream, reason]), at);
    if (unsaid !== null) log.error({ stream, run, frame, reason, ...(unsaid > 0 && { unsaid }) }, `inference failed: ${message}`);
  };
}
