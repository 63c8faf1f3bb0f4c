import type { Point } from '../mask/tumour-mask';

/** A shape of the Labelme program, by its corners. */
export interface LabelmeShape {
  readonly type: string;
  readonly points: readonly Point[];
}

/** As many as a circle's outline needs to look round at any size. */
const CORNERS = 360;

/** The closed line of a polygon, a rectangle (two opposite corners) or a circle (centre, a point on it); or what was expected instead. */
export function labelmeOutline({ type, points }: LabelmeShape): readonly Point[] | string {
  if (type === 'polygon') return points.length >= 3 ? points : `expected a polygon of at least 3 points, got ${points.length}`;
  if (type !== 'rectangle' && type !== 'circle') return `expected a polygon, rectangle or circle, got a ${type}`;
  const [first, second] = points;
  if (!first || !second || points.length > 2) return `expected a ${type} of 2 points, got ${points.length}`;
  const [[ax, ay], [bx, by]] = [first, second];
  if (type === 'rectangle') {
    return [
      [ax, ay],
      [bx, ay],
      [bx, by],
      [ax, by],
    ];
  }
  const radius = Math.hypot(bx - ax, by - ay);
  return Array.from({ length: CORNERS }, (_, i): Point => {
    const turn = (2 * Math.PI * i) / CORNERS;
    return [ax + radius * Math.cos(turn), ay + radius * Math.sin(turn)];
  });
}
