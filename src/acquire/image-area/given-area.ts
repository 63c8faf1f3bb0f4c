import { overlap, areaOf } from '../../core/rectangles';
import type { Frame, ImageArea, Rect } from '../../frame';
import { changedShare, lumaInSameRange } from '../pixels/compare-pixels';
import { ActivityMap } from './activity-map';
import { cutHint, stillHint } from './area-text';

type Picture = Pick<Frame, 'width' | 'height' | 'pixels' | 'luma' | 'loan' | 'capturedAt'>;

/**
 * Time between two comparisons: until something has moved in the area or while something moves elsewhere, and
 * otherwise.
 */
const [LOOK_MS, LOOK_ONCE_ALIVE_MS] = [500, 2000];
/**
 * Least share of changed pixels that counts as movement (weak encoders touch up 0.07 of a panel, X-ray changes 0.5 and
 * more), and how often that must happen: a screen may be blanked, or show another layout.
 */
const [MOVES, MOVEMENTS] = [0.2, 3];
/**
 * Exposures that locate an image, and exposures elsewhere after which an area counts as still: if it never moved, and
 * if it has moved, as they may be of the other plane.
 */
const [EXPOSURES, NEVER_ALIVE, ONCE_ALIVE] = [3, 3, 30];
/** Most overlap of a region elsewhere with the area, as a share of the smaller one. */
const ELSEWHERE = 0.1;

/**
 * The given area, cut to the picture, and a hint if it was cut, or if nothing moves in it while an X-ray image
 * elsewhere does. That is checked only now and then: call it with every frame. Areas wholly outside must have been
 * refused.
 */
export function givenArea(given: Rect): (frame: Picture) => ImageArea {
  let previous: Picture | null = null;
  let map = new ActivityMap(0, 0);
  let found: ImageArea = { area: given, settled: true, planes: [], hint: null, still: false };
  let cut: string | null = null;
  let alive = false;
  /** Movements of the area since an exposure elsewhere, and exposures elsewhere since the area moved. */
  let [movements, elsewhere] = [0, 0];

  const remember = (frame: Picture | null): void => {
    frame?.loan?.hold();
    previous?.loan?.release();
    previous = frame;
  };
  const begin = ({ width, height }: Picture): void => {
    const area = within(given, { width, height });
    cut = area === given ? null : cutHint(given, area, { width, height });
    found = { area, settled: true, planes: [], hint: cut, still: false };
    map = new ActivityMap(width, height);
    alive = false;
    [movements, elsewhere] = [0, 0];
    remember(null);
  };
  const countMovement = (): void => {
    if (map.changes > 0) map = new ActivityMap(map.width, map.height);
    if (++movements < MOVEMENTS) return;
    alive = true;
    elsewhere = 0;
    if (found.still) found = { ...found, planes: [], hint: cut, still: false };
  };
  const judge = (): void => {
    const { area } = found;
    const planes = map.regions();
    const [moving] = planes;
    const { exposures } = map;
    if (planes.some((place) => overlap(place, area) > ELSEWHERE * Math.min(areaOf(place), areaOf(area)))) return countMovement();
    map = new ActivityMap(map.width, map.height);
    if (!moving) return;
    movements = 0;
    elsewhere += exposures;
    if (found.still) return;
    if (elsewhere < (alive ? ONCE_ALIVE : NEVER_ALIVE)) {
      found = found.others ? found : { ...found, others: planes };
      return;
    }
    found = { ...found, planes, hint: [cut, stillHint(area, moving)].filter((hint) => hint !== null).join('; '), still: true };
  };

  return (frame) => {
    if (map.width !== frame.width || map.height !== frame.height) begin(frame);
    const since = previous === null ? Infinity : frame.capturedAt - previous.capturedAt;
    if (since < (alive && map.changes === 0 ? LOOK_ONCE_ALIVE_MS : LOOK_MS)) return found;
    if (previous) {
      const [before, after] = lumaInSameRange(previous, frame) ?? [previous.pixels, frame.pixels];
      if (changedShare(before, after, frame.width, found.area) >= MOVES) countMovement();
      else if (map.add(before, after) && map.exposures >= EXPOSURES) judge();
    }
    remember(frame);
    return found;
  };
}

/** The part of an area that lies in the picture. */
function within(area: Rect, picture: { readonly width: number; readonly height: number }): Rect {
  const width = Math.min(area.width, picture.width - area.x);
  const height = Math.min(area.height, picture.height - area.y);
  return width === area.width && height === area.height ? area : { x: area.x, y: area.y, width, height };
}
