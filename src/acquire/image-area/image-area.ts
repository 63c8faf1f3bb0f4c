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
 * Gives frames their image area: the given one, cut to the picture, or the one that is found. An `area` event precedes
 * the first frame it applies to; there is none as long as the area is given and nothing is wrong with it. `plane`:
 * which of two, 1 or 2; null: the larger.
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

/** Where other planes lie: anywhere, as long as one of two was requested and the other is not known. */
function otherImages({ area, planes, others = [] }: ImageArea, { width, height }: Frame, plane: number | null): readonly Rect[] {
  if (plane !== null && planes.length + others.length < 2) return [{ x: 0, y: 0, width, height }];
  return [...planes, ...others].filter((place) => isElsewhere(place, area));
}

type Picture = Pick<Frame, 'width' | 'height' | 'pixels' | 'luma' | 'loan' | 'capturedAt'>;

/** Exposures that settle an area, if they agree. */
const EXPOSURES = 3;
/** The same for an area this much wider than high: it may be two planes that are exposed in turn. */
const [WIDE, EXPOSURES_IF_WIDE] = [1.5, 6];
/** Changes after which the best area is taken in any case. */
const ENOUGH_CHANGES = 12;
/** Planes of at least this share of the larger one are equal: the left one is taken, unless another is requested. */
const AS_LARGE = 0.9;
/** Time between checks of a settled area, and changes after which it is judged again. */
const [QUESTION_MS, ANEW] = [1000, 8];
/** Most changed pixels in an area that counts as still, as a share. */
const STILL = 0.2;
/** What a larger area must contain of the settled one, and what one elsewhere may overlap at most. */
const [CONTAINED, ELSEWHERE] = [0.9, 0.3];

/**
 * Finds the X-ray image; call it with every frame. It returns the whole picture at first; from the first change that
 * looks like an acquisition, the best area so far; and once several exposures agree, their area, until later ones show
 * a larger or another one, or the picture's size changes. `plane`: 1 the left or upper one, 2 the other; undefined: the
 * larger, of equal ones the left.
 */
export function imageAreaFinder(plane?: number): (frame: Picture) => ImageArea {
  let previous: Picture | null = null;
  let map = new ActivityMap(0, 0);
  let size = '';
  let found = unknownArea(0, 0);
  let candidate: Rect | null = null;
  /** Changes elsewhere while the settled area was still. */
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
  /** Another plane may change long before it is recognised as one. */
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

/** Grey values in their captured range: converting every picture costs more than comparing them. */
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

/**
 * Whether a region is larger and contains the settled area, or lies elsewhere. A part of it does not contradict: a
 * collimator may have closed.
 */
function contradicts(box: Rect, settled: Rect): boolean {
  if (alike(box, settled)) return false;
  const shared = overlap(box, settled);
  return (
    (areaOf(box) > areaOf(settled) && shared >= CONTAINED * areaOf(settled)) || shared < ELSEWHERE * Math.min(areaOf(box), areaOf(settled))
  );
}
