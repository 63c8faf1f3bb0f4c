import { concatMap, distinct, lastValueFrom, type Observable, scan, tap, toArray } from 'rxjs';
import { isDimText } from '../acquire/connection/dim-pictures';
import type { Config } from '../config/load';
import type { PipelineEvent } from '../event';
import { type RunEntry, type RunHistory, runHistory } from '../measure/run-history';
import { writeRunFolder } from '../push/pictures/run-pictures.node';
import { watch } from '../server/app.node';
import type { Log } from '../server/log.node';

export interface SelectResult {
  /** One per run, in the order in which the runs were complete; failed ones last. */
  readonly folders: readonly string[];
  /** Runs without their final mask, because inference failed. */
  readonly failed: readonly string[];
  /** Message of the last failed inference; empty: none failed. */
  readonly reason: string;
  /** What may be wrong with the recording, if no run was found; empty: unknown. */
  readonly hint: string;
}

/**
 * Writes runs, key frames (the paper's offline rule) and masks of a recording, which is read as fast as possible; one
 * folder per run under `out`. Uses the live pipeline, whose `final` equals the offline rule.
 */
export const select = (config: Config, out: string, log: Log): Promise<SelectResult> => writeRuns(watch(config, log), out);

/** Writes each run as soon as it is complete. Runs that miss their final mask are written at the end. */
export async function writeRuns(events: Observable<PipelineEvent>, out: string): Promise<SelectResult> {
  let known: RunHistory = [];
  let reason = '';
  let hint = '';
  const done = await lastValueFrom(
    events.pipe(
      tap((event) => event.kind === 'failure' && (reason = event.message)),
      tap((event) => event.kind === 'stream' && isDimText(event.reason) && (hint = event.reason)),
      tap((event) => event.kind === 'picture' && event.hint !== null && (hint = event.hint)),
      scan((history: RunHistory, event) => runHistory(history, event), []),
      tap((history) => (known = history)),
      concatMap((history) => history.filter(isDone)),
      distinct(({ record }) => record.run),
      concatMap((entry) => writeRunFolder(out, entry)),
      toArray(),
    ),
  );
  const failed = known.filter((entry) => !isDone(entry)).reverse();
  const folders = [...done];
  for (const entry of failed) folders.push(await writeRunFolder(out, entry));
  return { folders, failed: failed.map(({ record }) => record.run), reason, hint };
}

/**
 * Whether a run is over and has its final mask, or needs none: too short for a key frame (section 2.1 needs a
 * neighbour on each side), or without contrast.
 */
const isDone = ({ record: { endedAt, mask, keyFrame, acquisitions } }: RunEntry): boolean =>
  endedAt !== null && (mask?.status === 'final' || acquisitions < 3 || keyFrame?.assessed === false);
