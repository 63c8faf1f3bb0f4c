import type { Lesion, Point, TumourMask } from '../mask/tumour-mask';

/** Whether any of a lesion lies within the outlines of the liver; tumours at its edge bulge out of it. */
export const touchesLiver = (
  { centroid, contour }: Pick<Lesion, 'centroid' | 'contour'>,
  { contours }: Pick<TumourMask['liver'], 'contours'>,
): boolean => contours.some((outline) => [centroid, ...contour].some((point) => isWithin(point, outline)));

/** Even-odd rule. */
function isWithin([x, y]: Point, outline: readonly Point[]): boolean {
  let within = false;
  let [beforeX, beforeY] = outline.at(-1) ?? [0, 0];
  for (const [nextX, nextY] of outline) {
    if (nextY > y !== beforeY > y && x < nextX + ((y - nextY) * (beforeX - nextX)) / (beforeY - nextY)) within = !within;
    [beforeX, beforeY] = [nextX, nextY];
  }
  return within;
}
