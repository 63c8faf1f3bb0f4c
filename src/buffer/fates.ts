import { concatMap, EMPTY, of, type OperatorFunction } from 'rxjs';
import type { Fate, FateEvent } from '../event';
import type { Seen } from './sighting';

/**
 * One fate for every captured frame that belongs to no run. That of a picture that may open a run is known when its run is (announceRun), or when it
 * stayed alone.
 *
 *    in     --u--u(R)--r--b--S--|
 *    fates  -----------r--b--i--|
 */
export function fates(stream: string): OperatorFunction<Seen, FateEvent> {
  return concatMap((event) => {
    const told = (at: number, fate: Fate, count = 1): FateEvent => ({ kind: 'fate', stream, at, fate, count });
    if (event.kind === 'repeated' || event.kind === 'replayed') return of(told(event.frame.capturedAt, 'repeated'));
    if (event.kind === 'mixed') return of(told(event.frame.capturedAt, 'dropped_mixed'));
    if (event.kind === 'blank') return of(told(event.frame.capturedAt, 'dropped_blank'));
    if (event.kind === 'standing') return of(told(event.at, 'dropped_idle'));
    return event.kind === 'dropped' ? of(told(event.at, `dropped_${event.reason}`, event.count)) : EMPTY;
  });
}
