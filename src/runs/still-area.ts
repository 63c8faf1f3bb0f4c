import { concatMap, connect, defer, distinctUntilChanged, filter, map, merge, type OperatorFunction, tap } from 'rxjs';
import type { StreamEvent } from '../event';
import type { FrameOrRun } from './run';
import { NOTHING_MOVES } from './stream-states';

/**
 * The states of a stream, but where its image area was given and stands still while an X-ray image elsewhere on the monitor moves: no such monitor stands still, the stream is `held`, and the
 * reason is what is wrong with the area.
 *
 *    seen    --r--a(still)--r--r--a(moves)--u--|
 *    states  --H-----------------------------L--|
 *    out     --H--H(still)--------H----------L--|
 */
export function withStillArea(states: OperatorFunction<FrameOrRun, StreamEvent>): OperatorFunction<FrameOrRun, StreamEvent> {
  return (seen) =>
    defer(() => {
      let why: string | null = null;
      let said: StreamEvent | null = null;
      const told = (event: StreamEvent): StreamEvent =>
        why !== null && (event.state === 'held' || event.reason === NOTHING_MOVES) ? { ...event, state: 'held', reason: why } : event;
      return seen.pipe(
        connect((all) =>
          merge(
            all.pipe(
              states,
              tap((event) => (said = event)),
              map(told),
            ),
            all.pipe(
              filter((event) => event.kind === 'area'),
              concatMap(({ at, found }) => {
                const before = why;
                why = found.still ? found.hint : null;
                return why === before || !said ? [] : [told({ ...said, at })];
              }),
            ),
          ),
        ),
        distinctUntilChanged(
          (a, b) => a.state === b.state && a.reason === b.reason && a.detail === b.detail && a.replayedRun === b.replayedRun,
        ),
      );
    });
}
