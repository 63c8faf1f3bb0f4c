import fc from 'fast-check';
import { fieldGrid, fillOutline, isInside, type Outline, smoothOutline } from '../../src/phantom/anatomy/field';
import { vesselTree, type Point3 } from '../../src/phantom/anatomy/vessel-tree';
import { arterialFilling, tissueFilling, washIn } from '../../src/phantom/contrast/layer';
import { toLabelme } from '../../src/phantom/data/labelme';
import { blur } from '../../src/phantom/imaging/blur';
import { quantumNoise } from '../../src/phantom/imaging/quantum-noise';
import { seededRandom } from '../../src/phantom/random';

jest.setTimeout(60_000);

const SQUARE: Outline = [
  [100, 100],
  [300, 100],
  [300, 250],
  [100, 250],
];

describe('seededRandom', () => {
  it('repeats itself for a seed, and its forks do not depend on what was drawn before', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), (seed, name) => {
        const [a, b] = [seededRandom(seed), seededRandom(seed)];
        a.uniform();
        expect(a.fork(name).uniform()).toBe(b.fork(name).uniform());
      }),
    );
  });

  it('draws evenly between 0 and 1', () => {
    const random = seededRandom(1);
    const values = Array.from({ length: 20_000 }, () => random.uniform());
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0.5, 1);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
  });
});

describe('contrast', () => {
  const seconds = fc.double({ min: -5, max: 60, noNaN: true });

  it('fills nothing before it arrives and never more than completely', () => {
    fc.assert(
      fc.property(seconds, fc.double({ min: 0.1, max: 5, noNaN: true }), (t, rise) => {
        for (const filling of [arterialFilling(rise, 4, 2 * rise), tissueFilling(rise, 5, 20), (at: number) => washIn(at, rise)]) {
          expect(filling(t)).toBeGreaterThanOrEqual(0);
          expect(filling(t)).toBeLessThanOrEqual(1);
          if (t <= 0) expect(filling(t)).toBe(0);
        }
      }),
    );
  });

  it('leaves the arteries soon after the injection, and tissue slowly', () => {
    expect(arterialFilling(0.3, 4, 1)(12)).toBeLessThan(0.05);
    expect(tissueFilling(0.3, 4, 20)(12)).toBeGreaterThan(0.5);
  });
});

describe('vesselTree', () => {
  const targets = Array.from({ length: 40 }, (_, i): Point3 => [(i * 37) % 400, (i * 91) % 300, ((i * 53) % 200) - 100]);
  const tree = vesselTree(seededRandom(2), { root: [500, 400, 0], heading: [-1, 0, 0], targets, tipRadius: 1, tortuosity: 0.4, murray: 3 });

  it('reaches every target with a branch of its own', () => {
    expect(tree).toHaveLength(targets.length);
    const ends = tree.map((branch) => branch.at(-1)!);
    for (const [x, y] of targets) expect(ends.some((end) => Math.hypot(end.x - x, end.y - y) < 1e-6)).toBe(true);
  });

  it("keeps Murray's law: the trunk's radius cubed is the sum of its tips' radii cubed", () => {
    expect(tree[0]![0]!.radius ** 3).toBeCloseTo(targets.length, 6);
  });

  it('is filled from the root outwards', () => {
    for (const branch of tree)
      for (let i = 1; i < branch.length; i++) expect(branch[i]!.delay).toBeGreaterThanOrEqual(branch[i - 1]!.delay);
  });
});

describe('outlines', () => {
  it('are filled where their inside is', () => {
    const grid = fieldGrid(128, 96);
    const filled = new Set<number>();
    const outline = smoothOutline(SQUARE, 6);
    fillOutline(grid, outline, (index) => filled.add(index));
    for (let j = 0; j < grid.height; j++) {
      for (let i = 0; i < grid.width; i++) {
        expect(filled.has(j * grid.width + i)).toBe(isInside(outline, (i + 0.5) * grid.stepX, (j + 0.5) * grid.stepY));
      }
    }
  });

  it('are clipped to the picture in an annotation', () => {
    const { shapes } = toLabelme('a.png', SQUARE, [{ outline: [...SQUARE, [-20, 900]], poor: false }]);
    expect(shapes[1]!.points.at(-1)).toEqual([0, 788]);
  });

  it('are flagged where a tumour is poor in blood', () => {
    const { shapes } = toLabelme('a.png', SQUARE, [
      { outline: SQUARE, poor: true },
      { outline: SQUARE, poor: false },
    ]);
    expect(shapes.map(({ label, flags }) => [label, flags])).toEqual([
      ['liver', {}],
      ['tumour', { poor: true }],
      ['tumour', { poor: false }],
    ]);
  });
});

describe('blur', () => {
  it('moves darkness about without making or losing any, in a window as on the whole grid', () => {
    const grid = { width: 60, height: 50, stepX: 1, stepY: 1 };
    for (const sigma of [0.8, 2, 6]) {
      const whole = new Float32Array(3000);
      whole[25 * 60 + 30] = 100;
      const windowed = whole.slice();
      blur(whole, grid, sigma);
      blur(windowed, grid, sigma, { left: 30, right: 30, top: 25, bottom: 25 });
      expect(whole.reduce((sum, value) => sum + value, 0)).toBeCloseTo(100, 0);
      expect(windowed.reduce((sum, value) => sum + value, 0)).toBeCloseTo(100, 0);
      expect(Math.abs(whole[25 * 60 + 30]! - windowed[25 * 60 + 30]!)).toBeLessThan(0.05);
    }
  });
});

describe('quantumNoise', () => {
  it('has the requested strength, and is never the same twice', () => {
    const grid = fieldGrid(1021, 788);
    const noise = quantumNoise(grid, 0);
    const sigma = new Float32Array(1021 * 788).fill(5);
    const [a, b] = [1, 2].map((seed) => {
      const image = new Float32Array(1021 * 788);
      noise.add(image, sigma, 1, seededRandom(seed));
      return image;
    }) as [Float32Array, Float32Array];
    const deviation = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0) / a.length);
    const shared = a.reduce((sum, value, i) => sum + value * b[i]!, 0) / a.length / 25;
    expect(deviation).toBeCloseTo(5, 1);
    expect(Math.abs(shared)).toBeLessThan(0.02);
  });
});
