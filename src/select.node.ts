import { concatMap, distinct, lastValueFrom, scan, toArray } from 'rxjs';
import { watch } from './app.node';
import type { Config } from './config';
import type { Log } from './log.node';
import { type RunEntry, type RunHistory, runHistory } from './measure/run-history';
import { writeRunFolder } from './push/run-folder.node';

/**
 * Runs, key frames (the paper's offline rule) and masks of a recording, as fast as it can be read; one folder per run under `out`. It is the live
 * pipeline at another pace: `final` equals the offline rule. Resolves to the folders, in the order in which the runs were done with.
 */
export const select = (config: Config, out: string, log: Log): Promise<readonly string[]> =>
  lastValueFrom(
    watch(config, log).pipe(
      scan((history: RunHistory, event) => runHistory(history, event), []),
      concatMap((history) => history.filter(isDone)),
      distinct(({ record }) => record.run),
      concatMap((entry) => writeRunFolder(out, entry)),
      toArray(),
    ),
  );

/** Over, and with its final mask, unless it was too short for a key frame (section 2.1 needs a neighbour on each side). */
const isDone = ({ record }: RunEntry): boolean => record.endedAt !== null && (record.mask?.status === 'final' || record.acquisitions < 3);
