import { type Rect, sameRect } from '../frame';

export const areaOf = ({ width, height }: Rect): number => width * height;

/** The number of pixels that two rectangles share. */
export function overlap(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** Their intersection is at least nine tenths of their union. */
export const alike = (a: Rect, b: Rect): boolean => sameRect(a, b) || overlap(a, b) >= 0.9 * (areaOf(a) + areaOf(b) - overlap(a, b));

/** They share less than half of the smaller one. */
export const isElsewhere = (a: Rect, b: Rect): boolean => overlap(a, b) < 0.5 * Math.min(areaOf(a), areaOf(b));
