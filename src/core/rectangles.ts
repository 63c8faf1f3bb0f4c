import { type Rect, sameRect } from '../frame';

export const sizeOf = ({ width, height }: Rect): number => width * height;

/** How many pixels two places share. */
export function overlap(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** They share nine tenths of what they cover together. */
export const alike = (a: Rect, b: Rect): boolean => sameRect(a, b) || overlap(a, b) >= 0.9 * (sizeOf(a) + sizeOf(b) - overlap(a, b));

/** They share less than half of the smaller one. */
export const isElsewhere = (a: Rect, b: Rect): boolean => overlap(a, b) < 0.5 * Math.min(sizeOf(a), sizeOf(b));
