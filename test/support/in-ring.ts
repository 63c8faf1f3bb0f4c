import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { PictureRing } from '../../src/acquire/pixels/picture-ring.node';
import type { SourceEvent } from '../../src/acquire/source';

/** A source whose frames, like live ones, lie in the slots of a ring and are given back once handed on. */
export const inRing =
  (ring: PictureRing): MonoTypeOperatorFunction<SourceEvent> =>
  (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (event) => {
          if (event.kind !== 'frame') return subscriber.next(event);
          const room = ring.take(event.frame.pixels.length);
          if (!room?.loan) throw new Error('Expected room in the ring');
          room.pixels.set(event.frame.pixels);
          subscriber.next({ kind: 'frame', frame: { ...event.frame, ...room } });
          room.loan.release();
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
