import { concatMap, defer } from 'rxjs';
import type { MonoTypeOperatorFunction } from 'rxjs';
import type { ImageArea, Rect } from '../frame';
import { inArea } from './captured-frame';
import { givenArea } from './given-area';
import { imageAreaFinder } from './image-area';
import type { SourceEvent } from './source';

/**
 * Frames that know where the X-ray image lies in them: the given area, as far as it lies within the picture, or the one that is found. What there is to say of it is told as `area`, before the first
 * frame that it holds for: nothing as long as it is given, and well. `plane`: which of two, 1 or 2; null: the larger.
 */
export function withImageArea(given: Rect | 'auto', plane: number | null = null): MonoTypeOperatorFunction<SourceEvent> {
  return (events) =>
    defer(() => {
      const find = given === 'auto' ? imageAreaFinder(plane ?? undefined) : givenArea(given);
      let told: ImageArea | null = null;
      const isWell = ({ hint }: ImageArea): boolean => given !== 'auto' && told === null && hint === null;
      return events.pipe(
        concatMap((event): SourceEvent[] => {
          if (event.kind !== 'frame') return [event];
          const found = find(event.frame);
          const frame: SourceEvent = { ...event, frame: inArea(event.frame, found.area) };
          if (found === told || isWell(found)) return [frame];
          told = found;
          return [{ kind: 'area', at: event.frame.capturedAt, found }, frame];
        }),
      );
    });
}
