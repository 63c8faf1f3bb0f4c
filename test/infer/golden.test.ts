import fc from 'fast-check';
import { blockMeans, goldenImages } from '../../src/infer/bundle/golden';
import { aCard } from './valid-card';

const grids = fc.constantFrom(1, 2, 16, 32, 64, 128, 256);

describe('golden vectors', () => {
  it('repeats each value of the grid to fill its block', () => {
    fc.assert(
      fc.property(grids, grids, (rows, columns) => {
        const card = aCard();
        card.golden.input.grid = [rows, columns];
        const bytes = Uint8Array.from({ length: 10 * rows * columns }, (_, i) => (i * 37) % 251);
        const images = goldenImages(bytes, card);
        expect(images).toHaveLength(10);
        for (const [x, y, frame] of [
          [0, 0, 0],
          [255, 255, 9],
          [100, 201, 4],
        ] as const) {
          const cell = (frame * rows + Math.floor((y * rows) / 256)) * columns + Math.floor((x * columns) / 256);
          expect(images[frame]?.[y * 256 + x]).toBe(bytes[cell]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('means of blocks undo the repeating', () => {
    fc.assert(
      fc.property(grids, grids, (rows, columns) => {
        const cells = Float32Array.from({ length: rows * columns }, (_, i) => (i % 97) / 97);
        const values = Float32Array.from(
          { length: 65_536 },
          (_, i) => cells[Math.floor(((i >> 8) * rows) / 256) * columns + Math.floor(((i & 255) * columns) / 256)] ?? NaN,
        );
        const means = blockMeans(values, [256, 256], [rows, columns]);
        expect(Math.max(...Array.from(means, (mean, i) => Math.abs(mean - (cells[i] ?? NaN))))).toBeLessThan(1e-5);
      }),
      { numRuns: 5 },
    );
  });
});
