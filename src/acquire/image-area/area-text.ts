import type { Rect } from '../../frame';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** As in `imageArea=`. */
export const areaText = ({ x, y, width, height }: Rect): string => `${x},${y},${width},${height}`;

/** The two largest regions, as `plane=1|2` counts them: from the left, then from the top. */
export const orderedPlanes = (planes: readonly Rect[]): readonly Rect[] => planes.slice(0, 2).sort((a, b) => a.x - b.x || a.y - b.y);

/** Two planes were found and one was chosen by default. */
export function planesHint(taken: Rect, planes: readonly Rect[]): string | null {
  const both = orderedPlanes(planes);
  const index = both.findIndex((plane) => plane === taken);
  const other = both[1 - index];
  if (index < 0 || !other) return null;
  return `two X-ray images: ${areaText(taken)} is taken; plane=${index + 1} keeps it, plane=${2 - index} takes ${areaText(other)}`;
}

export const cutHint = (given: Rect, cut: Rect, picture: Size): string =>
  `imageArea=${areaText(given)} reaches out of the picture of ${picture.width} × ${picture.height}: cut to ${areaText(cut)}`;

export const outsideText = (given: Rect, picture: Size): string =>
  `imageArea=${areaText(given)} lies outside the picture of ${picture.width} × ${picture.height}`;

export const stillHint = (area: Rect, moving: Rect): string =>
  `the image area ${areaText(area)} stands still while ${areaText(moving)} changes like X-ray: if that is the live image, give it as imageArea`;
