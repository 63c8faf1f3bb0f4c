import { compare, isBlank } from '../../src/acquisitions/noise-comparison';
import { noise, painted } from '../support/grey';

/** The threshold of uniqueAcquisitions. */
const FRESH = 0.65;
const SIZE = 256;

/** A local mean, as of an encoder or a coarse detector. */
function smoothed(picture: Float32Array): Float32Array {
  const out = picture.slice();
  for (let y = 1; y < SIZE - 1; y++) {
    for (let x = 1; x < SIZE - 1; x++) {
      const i = y * SIZE + x;
      out[i] =
        ((picture[i] as number) * 2 +
          (picture[i - 1] as number) +
          (picture[i + 1] as number) +
          (picture[i - SIZE] as number) +
          (picture[i + SIZE] as number)) /
        6;
    }
  }
  return out;
}
/** Bright lines on a dark background without noise: a menu, a logo. */
function drawing(shift: number): Float32Array {
  const picture = new Float32Array(SIZE * SIZE).fill(30);
  for (let y = 40; y < 80; y++) for (let x = 20 + shift; x < 120 + shift; x++) picture[y * SIZE + x] = 220;
  return picture;
}

describe('compare', () => {
  it.each([1, 2, 4, 8, 16])('gives about √2 for two exposures with noise of %i grey levels', (sigma) => {
    const { freshness, difference } = compare(painted({ seed: 1, sigma }), painted({ seed: 2, sigma }));
    expect(freshness).toBeGreaterThan(1.3);
    expect(freshness).toBeLessThan(1.5);
    // Two normal values differ by 2σ/√π on average.
    expect(difference / sigma).toBeGreaterThan(1.1);
    expect(difference / sigma).toBeLessThan(1.2);
  });

  it('does not depend on how bright the pictures are, nor on their order', () => {
    const [a, b] = [painted({ seed: 1 }), painted({ seed: 2, level: 158 })];
    expect(compare(a, b).freshness).toBeCloseTo(compare(a, painted({ seed: 2 })).freshness, 3);
    expect(compare(b, a)).toEqual(compare(a, b));
  });

  it('finds nothing new in the same picture', () => {
    const picture = painted({ seed: 1 });
    expect(compare(picture, picture)).toEqual({ freshness: 0, difference: 0 });
  });

  it.each([0.3, 0.8, 1.5])('finds little new in a picture shown again with codec noise of %d grey levels', (sigma) => {
    const { freshness } = compare(painted({ seed: 1 }), painted({ seed: 1, codec: { seed: 2, sigma } }));
    expect(freshness).toBeLessThan(FRESH);
    expect(freshness).toBeGreaterThan(0);
  });

  it('distinguishes smoothed exposures from smoothed repeats', () => {
    const a = smoothed(painted({ seed: 1 }));
    expect(compare(a, smoothed(painted({ seed: 2 }))).freshness).toBeGreaterThan(1.3);
    expect(compare(a, smoothed(painted({ seed: 1, codec: { seed: 3, sigma: 0.6 } }))).freshness).toBeLessThan(FRESH);
  });

  it('looks over text and a cursor that change within the image', () => {
    const [a, b] = [painted({ seed: 1 }), painted({ seed: 1, codec: { seed: 2, sigma: 0.5 } })];
    for (let y = 5; y < 20; y++) for (let x = 5; x < 90; x++) b[y * SIZE + x] = (x + y) % 3 === 0 ? 255 : 0;
    expect(compare(a, b).freshness).toBeLessThan(FRESH);
  });

  it('looks over a wide border without noise', () => {
    const bordered = (seed: number): Float32Array => painted({ seed }).map((value, i) => (i % SIZE < 60 || i % SIZE > 195 ? 0 : value));
    expect(compare(bordered(1), bordered(2)).freshness).toBeGreaterThan(1.3);
    expect(compare(bordered(1), bordered(1)).freshness).toBe(0);
  });

  it('takes another drawing without noise for a new picture, the same one for a repeat', () => {
    expect(compare(drawing(0), drawing(30)).freshness).toBe(Math.SQRT2);
    expect(compare(drawing(0), drawing(0)).freshness).toBe(0);
    expect(
      compare(
        drawing(0),
        drawing(0).map((value, i) => value + 0.05 * (noise(4)[i] as number)),
      ).freshness,
    ).toBe(0);
  });
});

describe('isBlank', () => {
  it.each([0, 16, 128, 255])('holds for one grey of %i, with the least of coding noise too', (level) => {
    expect(isBlank(painted({ level }))).toBe(true);
    expect(isBlank(painted({ level, seed: 1, sigma: 0.5 }))).toBe(true);
  });

  it('does not hold for an exposure, a drawing, or a dark image that shows something', () => {
    expect(isBlank(painted({ seed: 1, sigma: 2 }))).toBe(false);
    expect(isBlank(drawing(0))).toBe(false);
    expect(isBlank(painted({ level: 10, contrast: 8 }))).toBe(false);
  });
});
