import { concatMap, connect, map, merge, of, type Observable, type OperatorFunction } from 'rxjs';
import type { Clock } from '../core/clock';
import type { FateEvent, FrameEvent, RunEvent, StageEvent } from '../event';
import type { RunAcquisition } from '../frame';
import type { Run } from './run';

export type Announcement = RunEvent | FrameEvent | FateEvent | StageEvent;

/**
 * Tells of a run and its acquisitions as they come, and in their place what `watch` makes of them.
 *
 *    acquisitions  (ab)--c----(end|)
 *    watch         -x----x----x
 *    out           (RabX)-cX--xE|        R run started, E run ended
 */
export function announceRun<W>(
  { id: run, stream, startedAt, knownAt, opening, acquisitions, end }: Run,
  clock: Clock,
  watch: OperatorFunction<RunAcquisition, W>,
): Observable<Announcement | W> {
  const about = (at: number): { stream: string; at: number; run: string } => ({ stream, at, run });
  const show = (acquisition: RunAcquisition): (FrameEvent | FateEvent | StageEvent)[] => {
    const {
      acquiredAt,
      number: frame,
      frame: { capturedAt },
    } = acquisition;
    return [
      { kind: 'fate', stream, at: capturedAt, fate: 'unique', count: 1 },
      { kind: 'stage', stream, at: acquiredAt, stage: 'acquire', milliseconds: Math.max(0, acquiredAt - capturedAt) },
      { kind: 'frame', ...about(capturedAt), frame, acquisition },
    ];
  };
  const watched = (all: Observable<RunAcquisition>): Observable<Announcement | W> =>
    merge(
      all.pipe(concatMap(show)),
      all.pipe(watch),
      // Subscribed last, so told when the watch is done with the acquisition.
      all.pipe(
        map(({ acquiredAt }): StageEvent => {
          const at = clock.now();
          return { kind: 'stage', stream, at, stage: 'detect', milliseconds: Math.max(0, at - acquiredAt) };
        }),
      ),
    );
  return merge(
    of<RunEvent>({ kind: 'run', ...about(knownAt), phase: 'started', acquisitions: opening, startedAt }),
    acquisitions.pipe(connect(watched)),
    end.pipe(map((ended): RunEvent => ({ kind: 'run', ...about(ended.at), phase: 'ended', acquisitions: ended.acquisitions, startedAt }))),
  );
}
