import type { Component, Components } from './components';
import type { Point } from './tumour-mask';

/**
 * The closed outer outline of a component in the plane in which pixel (i, j) covers [i, i+1) × [j, j+1): the midpoints of its boundary's
 * pixel edges, clockwise. It is never further than √2⁄4 px from the edges, straight along diagonals, passes between pixels that touch
 * by a corner, and encloses the component with its holes filled, less half a pixel.
 */
export function outline({ labels, width, height }: Components, { label, first }: Component): Point[] {
  const inside = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height && labels[y * width + x] === label;
  const startX = first % width;
  const startY = (first - startX) / width;
  const points: Point[] = [];
  // One pixel edge at a time, the component to the right; (x, y) is a corner, (dx, dy) the way.
  let [x, y, dx, dy] = [startX, startY, 1, 0];
  do {
    points.push([x + dx / 2, y + dy / 2]);
    x += dx;
    y += dy;
    // The pixels ahead decide, the left one first, so that corners connect.
    const left = inside(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2);
    const right = inside(x + (dx - dy - 1) / 2, y + (dy + dx - 1) / 2);
    if (left) [dx, dy] = [dy, -dx];
    else if (!right) [dx, dy] = [-dy, dx];
  } while (x !== startX || y !== startY || dx !== 1);
  return points;
}
