import type { Rect } from '../../frame';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** As it is written behind `imageArea=`. */
export const areaText = ({ x, y, width, height }: Rect): string => `${x},${y},${width},${height}`;

/** The two largest places, as `plane=1|2` counts them: from the left, then from above. */
export const orderedPlanes = (planes: readonly Rect[]): readonly Rect[] => planes.slice(0, 2).sort((a, b) => a.x - b.x || a.y - b.y);

/** Of two planes one was taken unasked. */
export function planesHint(taken: Rect, planes: readonly Rect[]): string | null {
  const both = orderedPlanes(planes);
  const index = both.findIndex((plane) => plane === taken);
  const other = both[1 - index];
  if (index < 0 || !other) return null;
  return `two X-ray images: ${areaText(taken)} is taken; plane=${index + 1} keeps it, plane=${2 - index} takes ${areaText(other)}`;
}

/** A given area reaches out of the picture. */
export const cutHint = (given: Rect, cut: Rect, picture: Size): string =>
  `imageArea=${areaText(given)} reaches out of the picture of ${picture.width} × ${picture.height}: cut to ${areaText(cut)}`;

/** A given area that has nothing of the picture. */
export const outsideText = (given: Rect, picture: Size): string =>
  `imageArea=${areaText(given)} lies outside the picture of ${picture.width} × ${picture.height}`;

/** Nothing moves in a given area while an X-ray image elsewhere does. */
export const stillHint = (area: Rect, moving: Rect): string =>
  `the image area ${areaText(area)} stands still while ${areaText(moving)} changes like X-ray: if that is the live image, give it as imageArea`;
