import { concat, defer, EMPTY, of, takeUntil, tap, type Observable } from 'rxjs';
import type { Clock } from '../core/clock';
import type { SourceEvent } from './source';

type Lost = Extract<SourceEvent, { kind: 'lost' }>;

/**
 * A source until its stream is removed or given another source: then it is closed, and its last word is `lost`, so that its run ends, its mask becomes
 * history and every frame gets its fate.
 *
 *    source  --f--f--f--f
 *    gone    ----------g
 *    out     --f--f--f-(l|)
 */
export function untilRemoved(gone: Observable<unknown>, clock: Clock): <E>(source: Observable<E>) => Observable<E | Lost> {
  return (source) =>
    defer(() => {
      let left = false;
      const lastWord = (): Lost => ({ kind: 'lost', at: clock.now(), reason: 'reconfigured', message: 'the configuration changed' });
      return concat(
        source.pipe(takeUntil(gone.pipe(tap(() => (left = true))))),
        defer(() => (left ? of(lastWord()) : EMPTY)),
      );
    });
}
