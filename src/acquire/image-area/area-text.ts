import type { Rect } from '../../frame';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** As it is written behind `imageArea=`. */
export const inFigures = ({ x, y, width, height }: Rect): string => `${x},${y},${width},${height}`;

/** The two largest places, as `plane=1|2` counts them: from the left, then from above. */
export const numbered = (planes: readonly Rect[]): readonly Rect[] => planes.slice(0, 2).sort((a, b) => a.x - b.x || a.y - b.y);

/** Of two planes one was taken unasked. */
export function planesHint(taken: Rect, planes: readonly Rect[]): string | null {
  const both = numbered(planes);
  const at = both.findIndex((plane) => plane === taken);
  const other = both[1 - at];
  if (at < 0 || !other) return null;
  return `two X-ray images: ${inFigures(taken)} is taken; plane=${at + 1} keeps it, plane=${2 - at} takes ${inFigures(other)}`;
}

/** A given area reaches out of the picture. */
export const cutHint = (given: Rect, cut: Rect, picture: Size): string =>
  `imageArea=${inFigures(given)} reaches out of the picture of ${picture.width} × ${picture.height}: cut to ${inFigures(cut)}`;

/** A given area that has nothing of the picture. */
export const outsideText = (given: Rect, picture: Size): string =>
  `imageArea=${inFigures(given)} lies outside the picture of ${picture.width} × ${picture.height}`;

/** Nothing moves in a given area while an X-ray image elsewhere does. */
export const stillHint = (area: Rect, moving: Rect): string =>
  `the image area ${inFigures(area)} stands still while ${inFigures(moving)} changes like X-ray: if that is the live image, give it as imageArea`;
