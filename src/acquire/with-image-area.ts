import { defer, map } from 'rxjs';
import type { MonoTypeOperatorFunction } from 'rxjs';
import type { Rect } from '../frame';
import { inArea } from './captured-frame';
import { imageAreaFinder } from './image-area';
import type { SourceEvent } from './source';

/** Frames that know where the X-ray image lies in them: the given area, as far as it lies within the picture, or the one that is found. */
export function withImageArea(given: Rect | 'auto'): MonoTypeOperatorFunction<SourceEvent> {
  return (events) =>
    defer(() => {
      const find = given === 'auto' ? imageAreaFinder() : ({ width, height }: Size) => within(given, { width, height });
      return events.pipe(
        map((event): SourceEvent => (event.kind === 'frame' ? { ...event, frame: inArea(event.frame, find(event.frame)) } : event)),
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
  return width > 0 && height > 0 ? { x, y, width, height } : { x: 0, y: 0, ...picture };
}
