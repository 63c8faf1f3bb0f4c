import { concatMap, defer, distinctUntilChanged, type OperatorFunction } from 'rxjs';
import type { PictureEvent } from '../event';
import { type ImageArea, sameRect, sameShape } from '../frame';
import { isPassing, type Seen } from './sighting';

/** Of an area that was not looked for. */
const given: Pick<ImageArea, 'settled' | 'planes' | 'hint'> = { settled: true, planes: [], hint: null };

/** The captured picture's size, the shape of its pixels and what is known of the image area, each time one of them changes. */
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
          const { capturedAt: at, width, height, pixelAspect = 1, imageArea } = frame;
          const { settled, planes, hint } = found ?? given;
          return [{ kind: 'picture', stream, at, width, height, pixelAspect, imageArea, settled, planes, hint }];
        }),
        distinctUntilChanged(
          (a, b) =>
            sameShape(a, b) && sameRect(a.imageArea, b.imageArea) && a.settled === b.settled && a.planes === b.planes && a.hint === b.hint,
        ),
      );
    });
