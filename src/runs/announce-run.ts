import { concatMap, connect, map, merge, of, type Observable, type OperatorFunction } from 'rxjs';
import type { Clock } from '../core/clock';
import type { FateEvent, FrameEvent, RunEvent, StageEvent } from '../event';
import type { RunAcquisition } from '../frame';
import type { Run } from './run';

export type Announcement = RunEvent | FrameEvent | FateEvent | StageEvent;

/**
 * The events of a run and its acquisitions as they come, with what `analyse` emits in between.
 *
 *    acquisitions  (ab)--c----(end|)
 *    analyse       -x----x----x
 *    out           (RabX)-cX--xE|        R run started, E run ended
 */
export function announceRun<W>(
  { id: run, stream, startedAt, knownAt, opening, acquisitions, end }: Run,
  clock: Clock,
  analyse: OperatorFunction<RunAcquisition, W>,
): Observable<Announcement | W> {
  const ofRun = (at: number): { stream: string; at: number; run: string } => ({ stream, at, run });
  const acquisitionEvents = (acquisition: RunAcquisition): (FrameEvent | FateEvent | StageEvent)[] => {
    const {
      acquiredAt,
      number: frame,
      frame: { capturedAt },
    } = acquisition;
    return [
      { kind: 'fate', stream, at: capturedAt, fate: 'unique', count: 1 },
      { kind: 'stage', stream, at: acquiredAt, stage: 'acquire', milliseconds: Math.max(0, acquiredAt - capturedAt) },
      { kind: 'frame', ...ofRun(capturedAt), frame, acquisition },
    ];
  };
  const acquisitionsAndResults = (all: Observable<RunAcquisition>): Observable<Announcement | W> =>
    merge(
      all.pipe(concatMap(acquisitionEvents)),
      all.pipe(analyse),
      // Subscribed last, so it runs when `analyse` is done with the acquisition.
      all.pipe(
        map(({ acquiredAt }): StageEvent => {
          const at = clock.now();
          return { kind: 'stage', stream, at, stage: 'detect', milliseconds: Math.max(0, at - acquiredAt) };
        }),
      ),
    );
  return merge(
    of<RunEvent>({ kind: 'run', ...ofRun(knownAt), phase: 'started', acquisitions: opening, startedAt }),
    acquisitions.pipe(connect(acquisitionsAndResults)),
    end.pipe(map((ended): RunEvent => ({ kind: 'run', ...ofRun(ended.at), phase: 'ended', acquisitions: ended.acquisitions, startedAt }))),
  );
}
