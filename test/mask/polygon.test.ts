import fc from 'fast-check';
import { longestDiameter } from '../../src/mask/polygon';
import type { Point } from '../../src/mask/tumour-mask';

const coordinate = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -100_000, max: 100_000 }).map((n) => n / 1024),
);
const points = fc.array(fc.tuple(coordinate, coordinate), { maxLength: 40 });
const everyPair = (all: readonly Point[]): number =>
  Math.max(0, ...all.flatMap(([ax, ay]) => all.map(([bx, by]) => Math.hypot(ax - bx, ay - by))));

describe('longestDiameter', () => {
  it('is the greatest of all distances', () => {
    fc.assert(
      fc.property(points, (all) => expect(longestDiameter(all)).toBeCloseTo(everyPair(all), 6)),
      { numRuns: 2000 },
    );
  });
  it.each<[string, Point[], number]>([
    ['nothing', [], 0],
    ['one point', [[3, 4]], 0],
    [
      'one point twice',
      [
        [3, 4],
        [3, 4],
      ],
      0,
    ],
    [
      'a line',
      [
        [0, 0],
        [1, 1],
        [3, 3],
      ],
      Math.hypot(3, 3),
    ],
    [
      'a square',
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
      Math.SQRT2,
    ],
  ])('of %s', (_, all, expected) => {
    expect(longestDiameter(all)).toBeCloseTo(expected, 12);
  });
  it('does not change when everything is turned and moved', () => {
    fc.assert(
      fc.property(points, fc.double({ min: 0, max: 7, noNaN: true }), (all, angle) => {
        const turned = all.map(([x, y]): Point => [
          x * Math.cos(angle) - y * Math.sin(angle) + 5,
          x * Math.sin(angle) + y * Math.cos(angle) - 9,
        ]);
        expect(longestDiameter(turned)).toBeCloseTo(longestDiameter(all), 6);
      }),
    );
  });
});
