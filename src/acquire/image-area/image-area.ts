import { concatMap, defer, type MonoTypeOperatorFunction } from 'rxjs';
import { alike, isElsewhere, overlap, areaOf } from '../../core/rectangles';
import type { Frame, ImageArea, Rect } from '../../frame';
import { inArea } from '../pixels/captured-frame';
import { changedShare, lumaInSameRange } from '../pixels/compare-pixels';
import type { SourceEvent } from '../source';
import { ActivityMap } from './activity-map';
import { orderedPlanes, planesHint } from './area-text';
import { givenArea } from './given-area';

/**
 * Frames that know where the X-ray image lies in them: the given area, as far as it lies within the picture, or the one that is found. What there is to say of it is told as `area`, before the first
 * frame that it holds for: nothing as long as it is given, and well. `plane`: which of two, 1 or 2; null: the larger.
 */
export function withImageArea(given: Rect | 'auto', plane: number | null = null): MonoTypeOperatorFunction<SourceEvent> {
  return (events) =>
    defer(() => {
      const find = given === 'auto' ? imageAreaFinder(plane ?? undefined) : givenArea(given);
      let emitted: ImageArea | null = null;
      let [known, others]: [ImageArea | null, readonly Rect[]] = [null, []];
      const needsNoEvent = ({ hint, others }: ImageArea): boolean => given !== 'auto' && emitted === null && hint === null && !others;
      return events.pipe(
        concatMap((event): SourceEvent[] => {
          if (event.kind !== 'frame') return [event];
          const found = find(event.frame);
          if (found !== known) [known, others] = [found, otherImages(found, event.frame, given === 'auto' ? plane : null)];
          const frame: SourceEvent = { ...event, frame: inArea(event.frame, found.area, others) };
          if (found === emitted || needsNoEvent(found)) return [frame];
          emitted = found;
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

type Picture = Pick<Frame, 'width' | 'height' | 'pixels' | 'luma' | 'loan' | 'capturedAt'>;

/** Exposures that settle a place, if they agree. */
const EXPOSURES = 3;
/** And those that settle one so much wider than high: it may be two planes that are exposed in turn. */
const [WIDE, EXPOSURES_IF_WIDE] = [1.5, 6];
/** Changes after which the best place is taken, whatever it is. */
const ENOUGH_CHANGES = 12;
/** Planes of about this share of the larger one's size are equal: then the left one is taken, unless another is asked for. */
const AS_LARGE = 0.9;
/** How often a settled place is questioned, and after how many changes it is judged anew. */
const [QUESTION_MS, ANEW] = [1000, 8];
/** Of the pixels of a place, for it to stand. */
const STILL = 0.2;
/** Of the settled area, what a larger one must contain; and what one elsewhere may not. */
const [CONTAINED, ELSEWHERE] = [0.9, 0.3];

/**
 * Finds where the X-ray image lies in a picture: give it each frame, it gives the area to use for it. The whole picture at first; from the first change on that looks like an
 * acquisition, the best place so far; and once several exposures agree, that one, until later ones tell of a larger one or of another place, or the picture's size changes.
 * `plane`: which of two planes, 1 the left or upper one; undefined: the larger, of equal ones the left.
 */
export function imageAreaFinder(plane?: number): (frame: Picture) => ImageArea {
  let previous: Picture | null = null;
  let map = new ActivityMap(0, 0);
  let size = '';
  let found = unknownArea(0, 0);
  let candidate: Rect | null = null;
  /** Changes elsewhere, since it settled, while the settled place stood. */
  let changesElsewhere = 0;
  let questionedAt = -Infinity;

  const remember = (frame: Picture | null): void => {
    frame?.loan?.hold();
    previous?.loan?.release();
    previous = frame;
  };
  const restart = (width: number, height: number): void => {
    map = new ActivityMap(width, height);
    candidate = null;
    changesElsewhere = 0;
  };
  const settle = (area: Rect, planes: readonly Rect[]): ImageArea => {
    const hint = plane === undefined ? planesHint(area, planes) : null;
    return { area, settled: true, planes, hint, still: false };
  };
  const search = (): void => {
    const planes = map.regions();
    const box = choose(planes, plane);
    const enough = map.changes >= ENOUGH_CHANGES;
    if (!box) {
      found = { ...found, settled: enough };
      return;
    }
    const least = box.width >= WIDE * box.height ? EXPOSURES_IF_WIDE : EXPOSURES;
    const agreed = candidate !== null && alike(candidate, box) && map.exposures >= least;
    candidate = box;
    const settled = agreed || enough;
    found = settled ? settle(box, planes) : { ...found, area: alike(found.area, box) ? found.area : box, planes };
  };
  /** The settled place stands, and something else changes: another plane may do so long before it is known for one. */
  const lookAround = (): void => {
    if (++changesElsewhere < EXPOSURES) return;
    const others = map.regions().filter((place) => isElsewhere(place, found.area));
    if (others.length > 0) found = { ...found, others };
  };
  const isStill = (a: Picture, b: Picture): boolean => changedShare(...asCaptured(a, b), b.width, found.area) < STILL;
  const isFound = (place: Rect): boolean => alike(place, found.area);
  const question = (): void => {
    const planes = map.regions();
    const box = choose(planes, plane);
    const contradicted = box !== null && map.exposures >= EXPOSURES && contradicts(box, found.area);
    if (contradicted && candidate && alike(candidate, box)) found = settle(box, planes);
    else if (!contradicted && map.exposures >= EXPOSURES && planes.length > found.planes.length && planes.some(isFound))
      found = settle(
        found.area,
        planes.map((place) => (isFound(place) ? found.area : place)),
      );
    map = new ActivityMap(map.width, map.height);
    candidate = contradicted ? box : null;
  };

  return (frame) => {
    const { width, height, capturedAt } = frame;
    if (size !== `${width}x${height}`) {
      size = `${width}x${height}`;
      found = unknownArea(width, height);
      restart(width, height);
      remember(null);
    }
    if (previous && (!found.settled || capturedAt - questionedAt >= QUESTION_MS) && map.add(...asCaptured(previous, frame))) {
      questionedAt = capturedAt;
      if (!found.settled) {
        search();
        if (found.settled) restart(width, height);
      } else if (map.changes >= ANEW) question();
      else if (found.planes.length < 2 && !found.others && isStill(previous, frame)) lookAround();
    }
    remember(frame);
    return found;
  };
}

/** Their grey values, in whichever range: to turn every picture into full range for this costs more than to look. */
const asCaptured = (a: Picture, b: Picture): readonly [Uint8Array, Uint8Array] => lumaInSameRange(a, b) ?? [a.pixels, b.pixels];

const unknownArea = (width: number, height: number): ImageArea => ({
  ...{ area: { x: 0, y: 0, width, height }, settled: false, planes: [], hint: null, still: false },
});

function choose(planes: readonly Rect[], plane: number | undefined): Rect | null {
  const [a, b] = planes;
  if (!a || !b) return a ?? null;
  if (plane === undefined) return areaOf(b) >= AS_LARGE * areaOf(a) ? (orderedPlanes(planes)[0] ?? a) : a;
  return orderedPlanes(planes)[plane - 1] ?? null;
}

/** It is larger and holds the settled one, or lies elsewhere. A part of the settled one is none: a collimator may have closed. */
function contradicts(box: Rect, settled: Rect): boolean {
  if (alike(box, settled)) return false;
  const shared = overlap(box, settled);
  return (
    (areaOf(box) > areaOf(settled) && shared >= CONTAINED * areaOf(settled)) || shared < ELSEWHERE * Math.min(areaOf(box), areaOf(settled))
  );
}
