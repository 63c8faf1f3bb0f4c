import { concatMap, connect, defer, distinctUntilChanged, filter, map, merge, type OperatorFunction, tap } from 'rxjs';
import type { StreamEvent } from '../event';
import type { FrameOrRun } from './run';
import { NOTHING_MOVES } from './stream-states';

/**
 * The states of a stream, except that while its configured image area stands still and an X-ray image elsewhere on the
 * monitor moves, the stream is `held` (never `frozen`), and the reason says what is wrong with the area.
 *
 *    in      --r--a(still)--r--r--a(moves)--u--|
 *    states  --H-----------------------------L--|
 *    out     --H--H(still)--------H----------L--|
 */
export function withStillArea(states: OperatorFunction<FrameOrRun, StreamEvent>): OperatorFunction<FrameOrRun, StreamEvent> {
  return (events) =>
    defer(() => {
      let reason: string | null = null;
      let last: StreamEvent | null = null;
      const withReason = (event: StreamEvent): StreamEvent =>
        reason !== null && (event.state === 'held' || event.reason === NOTHING_MOVES) ? { ...event, state: 'held', reason } : event;
      return events.pipe(
        connect((all) =>
          merge(
            all.pipe(
              states,
              tap((event) => (last = event)),
              map(withReason),
            ),
            all.pipe(
              filter((event) => event.kind === 'area'),
              concatMap(({ at, found }) => {
                const before = reason;
                reason = found.still ? found.hint : null;
                return reason === before || !last ? [] : [withReason({ ...last, at })];
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
