import { defer, map, type OperatorFunction } from 'rxjs';
import type { ConnectionEvent } from './connection';
import type { ImageFacts } from './cut-images';

/** A source's clock may run so much slower than ours: what is lost to that is no lateness. */
const DRIFT = 0.002;

/**
 * Measures how much later each picture of a connection arrives than the most punctual one before it, by the source's own times. One that jumps back, stands
 * still or is missing tells nothing; with one that jumps ahead the measure begins anew.
 */
export function lateness(): OperatorFunction<ConnectionEvent, ConnectionEvent> {
  return (events) =>
    defer(() => {
      let last: { readonly at: number; readonly seconds: number } | null = null;
      let behindMs = 0;
      const measured = <I extends ImageFacts>(image: I): I => {
        const { at, seconds } = image;
        if (seconds === null) return { ...image, behindMs };
        const own = last === null ? 0 : (seconds - last.seconds) * 1000;
        if (last !== null && own > 0) behindMs = Math.max(0, behindMs + (at - last.at) * (1 - DRIFT) - own);
        last = { at, seconds };
        return { ...image, behindMs };
      };
      return events.pipe(
        map((event): ConnectionEvent => {
          if (event.kind === 'skipped') return { kind: 'skipped', image: measured(event.image) };
          return event.kind === 'image' || event.kind === 'damaged' ? { kind: event.kind, image: measured(event.image) } : event;
        }),
      );
    });
}
