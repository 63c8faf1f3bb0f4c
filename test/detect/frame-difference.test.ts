import fc from 'fast-check';
import { frameDifference } from '../../src/detect/select-key-frame';
import { coarseChange, meanImage, opacification, toCoarseImage } from '../../src/detect/stability';
import { ANALYSIS_SIZE } from '../../src/frame';
import { exposure, painted, toAnalysis, toPixels } from '../support/grey';

const images = fc
  .integer({ min: 1, max: 200 })
  .chain((length) =>
    fc.tuple(fc.uint8Array({ minLength: length, maxLength: length }), fc.uint8Array({ minLength: length, maxLength: length })),
  );

describe('frameDifference', () => {
  it('is the mean absolute difference, the same either way round', () => {
    fc.assert(
      fc.property(images, ([a, b]) => {
        const [first, second] = [toAnalysis(a), toAnalysis(b)];
        const expected = [...a].reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;
        expect(frameDifference(first, second)).toBeCloseTo(expected, 10);
        expect(frameDifference(second, first)).toBe(frameDifference(first, second));
        expect(frameDifference(first, first)).toBe(0);
      }),
    );
  });

  it('spans black to white', () => {
    expect(frameDifference(toAnalysis(Uint8Array.of(0, 0)), toAnalysis(Uint8Array.of(255, 255)))).toBe(255);
  });
});

describe('toCoarseImage', () => {
  it('gives the means of blocks of 8 × 8', () => {
    const image = toAnalysis(exposure(3));
    const coarse = toCoarseImage(image);
    expect(coarse).toHaveLength(32 * 32);
    for (const [column, row] of [
      [0, 0],
      [31, 31],
      [5, 20],
      [31, 0],
    ] as const) {
      let sum = 0;
      for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) sum += image[(row * 8 + y) * ANALYSIS_SIZE + column * 8 + x] as number;
      expect(coarse[row * 32 + column]).toBeCloseTo(sum / 64, 4);
    }
  });

  it('brings noise down to an eighth', () => {
    const [a, b] = [toCoarseImage(toAnalysis(exposure(1, { sigma: 8 }))), toCoarseImage(toAnalysis(exposure(2, { sigma: 8 })))];
    // Two normal values of deviation 1 differ by 2/√π.
    expect(coarseChange(a, b)).toBeGreaterThan(1.05);
    expect(coarseChange(a, b)).toBeLessThan(1.2);
  });
});

describe('opacification', () => {
  const before = toCoarseImage(toAnalysis(toPixels(painted({}))));

  it('is the mean darkening', () => {
    const share = (6400 * Math.PI) / ANALYSIS_SIZE ** 2;
    const after = toCoarseImage(toAnalysis(toPixels(painted({ contrast: 30 }))));
    expect(opacification(after, before)).toBeCloseTo(30 * share, 1);
  });

  it('does not let what brightens make up for what darkens', () => {
    expect(opacification(Float32Array.of(90, 110), Float32Array.of(100, 100))).toBe(5);
    expect(opacification(Float32Array.of(120, 110), Float32Array.of(100, 100))).toBe(0);
  });

  it('is nothing between a picture and itself', () => {
    expect(opacification(before, before)).toBe(0);
    expect(coarseChange(before, before)).toBe(0);
  });
});

describe('meanImage', () => {
  it('lies halfway', () => {
    expect([...meanImage(Float32Array.of(1, 10), Float32Array.of(3, 20))]).toEqual([2, 15]);
  });
});
