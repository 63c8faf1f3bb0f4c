import type { Rect } from '../frame';
import type { Component, Components } from './components';
import type { Point } from './tumour-mask';

/**
 * The closed outer outline of a component, where pixel (i, j) covers [i, i+1) × [j, j+1): the midpoints of the pixel
 * edges on its boundary, clockwise. It is never further than √2⁄4 px from the edges, runs straight along diagonals,
 * passes between pixels that touch by a corner, and encloses the component with its holes filled, less half a pixel.
 */
export function traceOutline({ labels, width, height }: Components, { label, first }: Component): Point[] {
  const inside = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height && labels[y * width + x] === label;
  const startX = first % width;
  const startY = (first - startX) / width;
  const points: Point[] = [];
  // One pixel edge at a time, with the component on the right; (x, y) is a corner, (dx, dy) the direction.
  let [x, y, dx, dy] = [startX, startY, 1, 0];
  do {
    points.push([x + dx / 2, y + dy / 2]);
    x += dx;
    y += dy;
    // The pixels ahead decide, the left one first, so that pixels connect by corners.
    const left = inside(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2);
    const right = inside(x + (dx - dy - 1) / 2, y + (dy + dx - 1) / 2);
    if (left) [dx, dy] = [dy, -dx];
    else if (!right) [dx, dy] = [-dy, dx];
  } while (x !== startX || y !== startY || dx !== 1);
  return points;
}

/** Maps grid pixels to captured pixels. The image area was resized to the grid, by different factors in x and y. */
export interface CapturedPlane {
  readonly scaleX: number;
  readonly scaleY: number;
  /** Width of a captured pixel over its height. */
  readonly pixelAspect: number;
  toCaptured(point: Point): Point;
}

/** A grid of `width` × `height` over the image area; captured pixel (i, j) covers [i, i+1) × [j, j+1). */
export function capturedPlane(
  { x, y, width: areaWidth, height: areaHeight }: Rect,
  width: number,
  height: number,
  pixelAspect = 1,
): CapturedPlane {
  const scaleX = areaWidth / width;
  const scaleY = areaHeight / height;
  return { scaleX, scaleY, pixelAspect, toCaptured: ([gridX, gridY]) => [x + gridX * scaleX, y + gridY * scaleY] };
}

/** Of simplification, in grid pixels. */
const TOLERANCE = 0.5;

/** An outline on the grid, simplified within half a grid pixel, in captured pixels rounded to hundredths. */
export function toContour(outline: readonly Point[], plane: CapturedPlane): Point[] {
  return simplify(outline, TOLERANCE).map((point) => {
    const [x, y] = plane.toCaptured(point);
    return [roundToHundredths(x), roundToHundredths(y)];
  });
}

export const roundToHundredths = (value: number): number => Math.round(value * 100) / 100;

/** Outlines are simplified in pieces of this many points, so that even the most jagged takes linear time. */
const PIECE = 256;

/**
 * A closed outline with fewer points; no dropped point is further than `tolerance` from the result (Douglas and
 * Peucker, 1973). Keeps at least three points, so that shapes thinner than the tolerance still have an area.
 */
export function simplify(outline: readonly Point[], tolerance: number): Point[] {
  if (outline.length < 4) return [...outline];
  // Split at the farthest point, so that no piece begins and ends at the same point.
  const far = farthestFrom(outline, outline[0] as Point);
  const closed = [...outline, outline[0] as Point];
  const outward = simplifyHalf(closed.slice(0, far + 1), tolerance);
  const back = simplifyHalf(closed.slice(far), tolerance);
  return outward.length + back.length > 2 ? [...outward, ...back] : [...outward, farthestFromChord(closed.slice(0, far + 1)), ...back];
}

/** The point of an open line that lies farthest from the straight line between its ends. */
function farthestFromChord(line: readonly Point[]): Point {
  const straight = toSegment(line[0] as Point, line.at(-1) as Point);
  return line.reduce((widest, point) => (squaredDistance(point, straight) > squaredDistance(widest, straight) ? point : widest));
}

function simplifyHalf(line: readonly Point[], tolerance: number): Point[] {
  const simple: Point[] = [];
  for (let from = 0; from < line.length - 1; from += PIECE) simple.push(...simplifyPiece(line.slice(from, from + PIECE + 1), tolerance));
  return simple;
}

/** An open line, simplified, without its last point. */
function simplifyPiece(line: readonly Point[], tolerance: number): Point[] {
  const kept = new Uint8Array(line.length);
  kept[0] = 1;
  const open: [number, number][] = [[0, line.length - 1]];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [from, to] = part;
    let worst = from;
    let most = tolerance * tolerance;
    const segment = toSegment(line[from] as Point, line[to] as Point);
    for (let i = from + 1; i < to; i++) {
      const squared = squaredDistance(line[i] as Point, segment);
      if (squared > most) {
        most = squared;
        worst = i;
      }
    }
    if (worst === from) continue;
    kept[worst] = 1;
    open.push([from, worst], [worst, to]);
  }
  return line.slice(0, -1).filter((_, i) => kept[i] === 1);
}

interface Segment {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly squaredLength: number;
}

function toSegment(from: Point, to: Point): Segment {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  return { x: from[0], y: from[1], dx, dy, squaredLength: dx * dx + dy * dy };
}

function squaredDistance(point: Point, { x, y, dx, dy, squaredLength }: Segment): number {
  const px = point[0] - x;
  const py = point[1] - y;
  const along = squaredLength === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / squaredLength));
  return (px - along * dx) ** 2 + (py - along * dy) ** 2;
}

function farthestFrom(points: readonly Point[], [x, y]: Point): number {
  let far = 0;
  let most = -1;
  points.forEach(([px, py], i) => {
    const squared = (px - x) ** 2 + (py - y) ** 2;
    if (squared > most) {
      most = squared;
      far = i;
    }
  });
  return far;
}
