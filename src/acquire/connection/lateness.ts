import { concatMap, defer, map, type ObservableInput, type OperatorFunction, throwError } from 'rxjs';
import type { ImageFacts } from '../ffmpeg/cut-images';
import { SourceError } from '../source';
import type { ConnectionEvent } from './connection';
import type { Load } from './shed-load';
import type { Silence } from './stall-watch';

/** How much slower than ours the clock of a source may run, without pictures counting as late. */
const DRIFT = 0.002;

/**
 * Measures how much later each picture of a connection arrives than the most punctual one before it, by the source's
 * timestamps. Timestamps that jump back, stand still or are missing are ignored; the measure restarts at a jump ahead.
 */
export function lateness(): OperatorFunction<ConnectionEvent, ConnectionEvent> {
  return (events) =>
    defer(() => {
      let last: { readonly at: number; readonly seconds: number } | null = null;
      let behindMs = 0;
      const measure = <I extends ImageFacts>(image: I): I => {
        const { at, seconds } = image;
        if (seconds === null) return { ...image, behindMs };
        const own = last === null ? 0 : (seconds - last.seconds) * 1000;
        if (last !== null && own > 0) behindMs = Math.max(0, behindMs + (at - last.at) * (1 - DRIFT) - own);
        last = { at, seconds };
        return { ...image, behindMs };
      };
      return events.pipe(
        map((event): ConnectionEvent => {
          if (event.kind === 'skipped') return { kind: 'skipped', image: measure(event.image) };
          return event.kind === 'image' || event.kind === 'damaged' ? { kind: event.kind, image: measure(event.image) } : event;
        }),
      );
    });
}

/** Pictures this late are no longer live, until they are less than half as late. */
const LATE_MS = 1000;
/** After this long, a new connection is better: it begins with what is shown now. */
const LATE_FOR_MS = 10_000;

/** Pictures began, or ceased, to arrive late. */
export type Lateness = { readonly kind: 'late'; readonly behindMs: number } | { readonly kind: 'punctual' };

type TimedEvent = ConnectionEvent | Load | Silence;

/**
 * Reports when pictures arrive late (`behindMs`), because network, decoder or this program is too slow. A connection
 * that stays late ends with a SourceError `late`, unless this machine is the `bottleneck`: a new connection would not
 * help.
 *
 *    in   --i-i-i-----iiii-i-i--------i---i---i---
 *    out  --i-i-i-----Liii-Pi-i-------i--Li---i---#      L late, P punctual
 */
export function latePictures(bottleneck: () => unknown = () => null): OperatorFunction<TimedEvent, TimedEvent | Lateness> {
  return (events) =>
    defer(() => {
      let lateSince: number | null = null;
      return events.pipe(
        concatMap((event): ObservableInput<TimedEvent | Lateness> => {
          if (event.kind !== 'image' && event.kind !== 'damaged' && event.kind !== 'skipped') return [event];
          const { at, behindMs } = event.image;
          if (lateSince === null && behindMs >= LATE_MS) {
            lateSince = at;
            return [{ kind: 'late', behindMs }, event];
          }
          if (lateSince !== null && behindMs < LATE_MS / 2) {
            lateSince = null;
            return [{ kind: 'punctual' }, event];
          }
          if (lateSince !== null && bottleneck() !== null) lateSince = at;
          if (lateSince !== null && at - lateSince >= LATE_FOR_MS)
            return throwError(() => new SourceError('late', `pictures arrived ${(behindMs / 1000).toFixed(1)} s late`));
          return [event];
        }),
      );
    });
}
