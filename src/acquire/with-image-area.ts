import { concatMap, defer } from 'rxjs';
import type { MonoTypeOperatorFunction } from 'rxjs';
import type { ImageArea, Rect } from '../frame';
import { inArea } from './captured-frame';
import { imageAreaFinder } from './image-area';
import type { SourceEvent } from './source';

/**
 * Frames that know where the X-ray image lies in them: the given area, as far as it lies within the picture, or the one that is found; then what is known of it is told as `area`, before the first
 * frame that it holds for. `plane`: which of two, 1 or 2; null: the larger.
 */
export function withImageArea(given: Rect | 'auto', plane: number | null = null): MonoTypeOperatorFunction<SourceEvent> {
  return (events) =>
    defer(() => {
      if (given !== 'auto') {
        return events.pipe(
          concatMap((event): SourceEvent[] => [
            event.kind === 'frame' ? { ...event, frame: inArea(event.frame, within(given, event.frame)) } : event,
          ]),
        );
      }
      const find = imageAreaFinder(plane ?? undefined);
      let told: ImageArea | null = null;
      return events.pipe(
        concatMap((event): SourceEvent[] => {
          if (event.kind !== 'frame') return [event];
          const found = find(event.frame);
          const frame: SourceEvent = { ...event, frame: inArea(event.frame, found.area) };
          if (found === told) return [frame];
          told = found;
          return [{ kind: 'area', at: event.frame.capturedAt, found }, frame];
        }),
      );
    });
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function within(area: Rect, picture: Size): Rect {
  const x = Math.min(area.x, picture.width);
  const y = Math.min(area.y, picture.height);
  const width = Math.min(area.width, picture.width - x);
  const height = Math.min(area.height, picture.height - y);
  // A picture too small for the given area is another picture: all of it counts.
  return width > 0 && height > 0 ? { x, y, width, height } : { x: 0, y: 0, width: picture.width, height: picture.height };
}
