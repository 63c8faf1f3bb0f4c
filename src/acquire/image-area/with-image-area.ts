import { concatMap, defer, type MonoTypeOperatorFunction } from 'rxjs';
import { isElsewhere } from '../../core/rectangles';
import type { Frame, ImageArea, Rect } from '../../frame';
import { inArea } from '../pixels/captured-frame';
import type { SourceEvent } from '../source';
import { givenArea } from './given-area';
import { imageAreaFinder } from './image-area';

/**
 * Frames that know where the X-ray image lies in them: the given area, as far as it lies within the picture, or the one that is found. What there is to say of it is told as `area`, before the first
 * frame that it holds for: nothing as long as it is given, and well. `plane`: which of two, 1 or 2; null: the larger.
 */
export function withImageArea(given: Rect | 'auto', plane: number | null = null): MonoTypeOperatorFunction<SourceEvent> {
  return (events) =>
    defer(() => {
      const find = given === 'auto' ? imageAreaFinder(plane ?? undefined) : givenArea(given);
      let told: ImageArea | null = null;
      let [known, others]: [ImageArea | null, readonly Rect[]] = [null, []];
      const isWell = ({ hint, others }: ImageArea): boolean => given !== 'auto' && told === null && hint === null && !others;
      return events.pipe(
        concatMap((event): SourceEvent[] => {
          if (event.kind !== 'frame') return [event];
          const found = find(event.frame);
          if (found !== known) [known, others] = [found, otherImages(found, event.frame, given === 'auto' ? plane : null)];
          const frame: SourceEvent = { ...event, frame: inArea(event.frame, found.area, others) };
          if (found === told || isWell(found)) return [frame];
          told = found;
          return [{ kind: 'area', at: event.frame.capturedAt, found }, frame];
        }),
      );
    });
}

/** Where the other planes lie; where one of two was asked for and the other is not known yet, anywhere. */
function otherImages({ area, planes, others = [] }: ImageArea, { width, height }: Frame, plane: number | null): readonly Rect[] {
  if (plane !== null && planes.length + others.length < 2) return [{ x: 0, y: 0, width, height }];
  return [...planes, ...others].filter((place) => isElsewhere(place, area));
}
