import { concatMap, distinctUntilChanged, EMPTY, map, of, pipe, type OperatorFunction } from 'rxjs';
import type { PictureEvent } from '../event';
import { sameRect, sameShape } from '../frame';
import type { Seen } from './sighting';

/** The captured picture's size, the shape of its pixels and its image area, each time one of them changes. */
export const pictures = (stream: string): OperatorFunction<Seen, PictureEvent> =>
  pipe(
    concatMap((seen) => {
      if (seen.kind === 'unique') return of(seen.acquisition.frame);
      return seen.kind === 'repeated' || seen.kind === 'blank' ? of(seen.frame) : EMPTY;
    }),
    map(({ capturedAt: at, width, height, pixelAspect = 1, imageArea }): PictureEvent => {
      return { kind: 'picture', stream, at, width, height, pixelAspect, imageArea };
    }),
    distinctUntilChanged((a, b) => sameShape(a, b) && sameRect(a.imageArea, b.imageArea)),
  );
