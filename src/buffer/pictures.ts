import { concatMap, defer, distinctUntilChanged, type OperatorFunction } from 'rxjs';
import type { PictureEvent } from '../event';
import { type ImageArea, sameRect } from '../frame';
import { isPassing, type Seen } from './sighting';

/** The captured picture's size and what is known of the image area, each time either changes. */
export const pictures =
  (stream: string): OperatorFunction<Seen, PictureEvent> =>
  (sightings) =>
    defer(() => {
      let found: ImageArea | null = null;
      return sightings.pipe(
        concatMap((seen): PictureEvent[] => {
          if (seen.kind === 'area') ({ found } = seen);
          const frame = seen.kind === 'unique' ? seen.acquisition.frame : isPassing(seen) ? seen.frame : null;
          if (!frame) return [];
          const { capturedAt: at, width, height, imageArea } = frame;
          const { settled = true, planes = [] } = found ?? {};
          return [{ kind: 'picture', stream, at, width, height, imageArea, settled, planes }];
        }),
        distinctUntilChanged(
          (a, b) =>
            a.width === b.width &&
            a.height === b.height &&
            sameRect(a.imageArea, b.imageArea) &&
            a.settled === b.settled &&
            a.planes === b.planes,
        ),
      );
    });
