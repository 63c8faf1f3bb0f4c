import { concatMap, filter, lastValueFrom, scan, toArray } from 'rxjs';
import { watch } from './app.node';
import type { Config } from './config';
import type { PipelineEvent } from './event';
import type { Log } from './log.node';
import { type RunHistory, runHistory } from './measure/run-history';
import { writeRunFolder } from './push/run-folder.node';

interface Progress {
  readonly event: PipelineEvent | null;
  readonly history: RunHistory;
}

/**
 * Runs, key frames (the paper's offline rule) and masks of a recording, as fast as it can be read; one folder per run under `out`. It is the live
 * pipeline at another pace: `final` equals the offline rule. Resolves to the folders, in the order of the runs' masks.
 */
export function select(config: Config, out: string, log: Log): Promise<readonly string[]> {
  const written = watch(config, log).pipe(
    scan(({ history }: Progress, event): Progress => ({ event, history: runHistory(history, event) }), { event: null, history: [] }),
    filter(({ event }) => isConclusion(event)),
    concatMap(async ({ event, history }) => {
      const entry = history.find(({ record }) => record.run === (event as { readonly run: string }).run);
      return entry ? writeRunFolder(out, entry) : '';
    }),
    toArray(),
  );
  return lastValueFrom(written);
}

/** A run's final mask, or its end when it was too short for a key frame (section 2.1 needs a neighbour on each side). */
const isConclusion = (event: PipelineEvent | null): boolean =>
  (event?.kind === 'mask' && event.status === 'final') || (event?.kind === 'run' && event.phase === 'ended' && event.acquisitions < 3);
