import { bootstrapInterval, percentile } from '../../src/core/statistics';
import { seededRandom } from '../../src/phantom/random';

it('interpolates between the two nearest values, as numpy does', () => {
  expect([0, 0.25, 0.5, 0.9, 1].map((share) => percentile([1, 2, 4], share))).toEqual([1, 1.5, 2, expect.closeTo(3.6), 4]);
  expect(percentile([7], 0.3)).toBe(7);
  expect(() => percentile([], 0.5)).toThrow('Expected at least 1 value, got 0');
});

describe('bootstrapInterval', () => {
  it('is narrow where all agree', () => {
    expect(bootstrapInterval([0.5, 0.5, 0.5], seededRandom(1).uniform)).toEqual([0.5, 0.5]);
  });

  it('holds the mean, about two standard errors to each side', () => {
    const { normal } = seededRandom(7);
    const values = Array.from({ length: 400 }, () => 10 + 2 * normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / 400;
    const [low, high] = bootstrapInterval(values, seededRandom(1).uniform);
    expect(mean - low).toBeCloseTo(1.96 * (2 / 20), 1);
    expect(high - mean).toBeCloseTo(1.96 * (2 / 20), 1);
  });

  it('is the same for the same seed, and another for another', () => {
    const values = [0.1, 0.4, 0.8, 0.9, 0.2];
    const seeded = (seed: number) => bootstrapInterval(values, seededRandom(seed).uniform);
    expect(seeded(3)).toEqual(seeded(3));
    expect(seeded(3)).not.toEqual(seeded(4));
  });

  it('refuses an empty list', () => {
    expect(() => bootstrapInterval([], () => 0)).toThrow('Expected at least 1 value, got 0');
  });
});
