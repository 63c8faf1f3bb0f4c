import fc from 'fast-check';
import { connectedComponents } from '../../src/mask/components';
import { capturedPlane, toContour, traceOutline, simplify } from '../../src/mask/contours';
import type { Point } from '../../src/mask/tumour-mask';
import { disc, drawn, grids } from './grids';

function distanceToSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = dx === 0 && dy === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

const enclosed = (points: readonly Point[]): number =>
  points.reduce((sum, [x, y], i) => {
    const [nx, ny] = points[(i + 1) % points.length] ?? [NaN, NaN];
    return sum + (x * ny - nx * y) / 2;
  }, 0);

/**
 * Pixels of the component, and those outside it from which no way leads to the border: what its outer outline
 * encloses.
 */
function filledArea(labels: Uint32Array, width: number, height: number, label: number): number {
  const outside = new Set<string>();
  const open: Point[] = [[-1, -1]];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [x, y] = at;
    const key = `${x},${y}`;
    if (outside.has(key) || x < -1 || y < -1 || x > width || y > height) continue;
    if (x >= 0 && y >= 0 && x < width && y < height && labels[y * width + x] === label) continue;
    outside.add(key);
    open.push([x + 1, y], [x - 1, y], [x, y + 1], [x, y - 1]);
  }
  let area = 0;
  for (let i = 0; i < width * height; i++) if (!outside.has(`${i % width},${Math.floor(i / width)}`)) area++;
  return area;
}

describe('outline', () => {
  it('of a single pixel are the midpoints of its four edges, clockwise', () => {
    const { bits, width, height } = drawn('...', '.#.', '...');
    const all = connectedComponents(bits, width, height, 1);
    const [pixel] = all.components;
    expect(pixel && traceOutline(all, pixel)).toEqual([
      [1.5, 1],
      [2, 1.5],
      [1.5, 2],
      [1, 1.5],
    ]);
  });

  it('encloses the filled component less half a pixel, whatever its shape', () => {
    fc.assert(
      fc.property(grids, ({ bits, width, height }) => {
        const all = connectedComponents(bits, width, height, 1);
        for (const component of all.components) {
          expect(enclosed(traceOutline(all, component))).toBeCloseTo(filledArea(all.labels, width, height, component.label) - 0.5, 6);
        }
      }),
    );
  });
});

describe('simplify', () => {
  it('leaves no point of the outline further away than the tolerance, and adds none', () => {
    fc.assert(
      fc.property(grids, fc.double({ min: 0.05, max: 1, noNaN: true }), ({ bits, width, height }, tolerance) => {
        const all = connectedComponents(bits, width, height, 1);
        for (const component of all.components) {
          const points = traceOutline(all, component);
          const simple = simplify(points, tolerance);
          expect(simple.length).toBeLessThanOrEqual(points.length);
          expect(enclosed(simple)).toBeGreaterThan(0);
          for (const point of simple) expect(points).toContain(point);
          for (const point of points) {
            const nearest = Math.min(...simple.map((from, i) => distanceToSegment(point, from, simple[(i + 1) % simple.length] ?? from)));
            expect(nearest).toBeLessThanOrEqual(tolerance + 1e-9);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('contour', () => {
  it('of a line one pixel wide still has an inside', () => {
    const { bits, width, height } = drawn(...Array<string>(22).fill('#'));
    const [line] = connectedComponents(bits, width, height, 1).components;
    const plane = capturedPlane({ x: 0, y: 0, width: 16, height: 16 }, width, height);
    const points = line ? toContour(traceOutline(connectedComponents(bits, width, height, 1), line), plane) : [];
    expect(points.length).toBeGreaterThanOrEqual(3);
    expect(enclosed(points)).toBeGreaterThan(0);
  });

  it('undoes the image area and the anisotropic resize', () => {
    const { bits, width, height } = drawn('....', '.##.', '.##.', '....');
    const all = connectedComponents(bits, width, height, 1);
    const [square] = all.components;
    const plane = capturedPlane({ x: 100, y: 50, width: 40, height: 8 }, width, height);
    const points = square ? toContour(traceOutline(all, square), plane) : [];
    expect([Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))]).toEqual([110, 130]);
    expect([Math.min(...points.map(([, y]) => y)), Math.max(...points.map(([, y]) => y))]).toEqual([52, 56]);
  });

  it('of a disc is round, small and in place', () => {
    const { bits, width, height } = disc(256, 128, 100, 40);
    const all = connectedComponents(bits, width, height);
    const [round] = all.components;
    const points = round ? toContour(traceOutline(all, round), capturedPlane({ x: 0, y: 0, width: 256, height: 256 }, width, height)) : [];
    expect(points.length).toBeLessThan(60);
    expect(enclosed(points) / (Math.PI * 40 * 40)).toBeCloseTo(1, 1);
    for (const [x, y] of points) expect(Math.abs(Math.hypot(x - 128, y - 100) - 40)).toBeLessThan(1);
  });
});
