import { concatMap, distinctUntilChanged, EMPTY, map, of, pipe, type OperatorFunction } from 'rxjs';
import type { PictureEvent } from '../event';
import { sameRect } from '../frame';
import { isPassing, type Seen } from './sighting';

/** The captured picture's size and image area, each time either changes. */
export const pictures = (stream: string): OperatorFunction<Seen, PictureEvent> =>
  pipe(
    concatMap((seen) => {
      if (seen.kind === 'unique') return of(seen.acquisition.frame);
      return isPassing(seen) ? of(seen.frame) : EMPTY;
    }),
    distinctUntilChanged((a, b) => a.width === b.width && a.height === b.height && sameRect(a.imageArea, b.imageArea)),
    map(({ capturedAt: at, width, height, imageArea }): PictureEvent => ({ kind: 'picture', stream, at, width, height, imageArea })),
  );
