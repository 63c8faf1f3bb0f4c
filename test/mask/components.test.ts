import fc from 'fast-check';
import { MINIMUM_AREA, connectedComponents } from '../../src/mask/components';
import { drawn, grids } from './grids';

describe('connectedComponents', () => {
  it('joins pixels that touch by side or corner', () => {
    const { width, height, bits } = drawn(
      '##...#',
      '..#..#', //
      '...#..',
      '#.....',
    );
    const { components: found, labels } = connectedComponents(bits, width, height, 1);
    expect(found.map(({ area }) => area)).toEqual([4, 2, 1]);
    expect(labels[0]).toBe(labels[2 * width + 3]);
  });

  it('measures area, extent and sums', () => {
    const { width, height, bits } = drawn('.....', '.##..', '.###.');
    const [found] = connectedComponents(bits, width, height, 1).components;
    expect(found).toEqual({ label: 1, first: 6, area: 5, sumX: 9, sumY: 8, left: 1, top: 1, right: 3, bottom: 2 });
  });

  it('drops specks below the minimum area from the labels too', () => {
    const { width, height, bits } = drawn('###.##', '###.##', '###...');
    const { components: found, labels } = connectedComponents(bits, width, height);
    expect(found.map(({ area }) => area)).toEqual([MINIMUM_AREA]);
    expect([...labels].filter((label) => label !== 0)).toHaveLength(9);
  });

  it('puts every set pixel into exactly one component, and no two components touch', () => {
    fc.assert(
      fc.property(grids, ({ bits, width, height }) => {
        const { labels, components: found } = connectedComponents(bits, width, height, 1);
        expect(found.reduce((sum, { area }) => sum + area, 0)).toBe(bits.reduce((sum, bit) => sum + bit, 0));
        for (let i = 0; i < bits.length; i++) {
          expect(labels[i] !== 0).toBe(bits[i] === 1);
          const [x, y] = [i % width, Math.floor(i / width)];
          for (const [nx, ny] of [
            [x + 1, y],
            [x - 1, y + 1],
            [x, y + 1],
            [x + 1, y + 1],
          ] as const) {
            if (nx < 0 || nx >= width || ny >= height || bits[i] === 0 || bits[ny * width + nx] === 0) continue;
            expect(labels[ny * width + nx]).toBe(labels[i]);
          }
        }
        expect(found.map(({ area }) => area)).toEqual(found.map(({ area }) => area).sort((a, b) => b - a));
      }),
    );
  });

  it('refuses pixels that do not fill the grid', () => {
    expect(() => connectedComponents(new Uint8Array(5), 2, 3)).toThrow('Expected 2×3 pixels, got 5');
    expect(connectedComponents(new Uint8Array(6).fill(1), 2, 3, 1).components).toHaveLength(1);
  });
});
