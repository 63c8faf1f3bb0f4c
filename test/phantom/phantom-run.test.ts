import { FIELD_HEIGHT, FIELD_WIDTH } from '../../src/phantom/anatomy/field';
import { phantomRun, type PhantomRun } from '../../src/phantom/feed/phantom-run';

jest.setTimeout(60_000);

const SIZE = { width: 256, height: 256 };
const runs = new Map<number, { run: PhantomRun; images: Uint8Array[] }>();
function rendered(seed: number): { run: PhantomRun; images: Uint8Array[] } {
  const known = runs.get(seed);
  if (known) return known;
  const run = phantomRun(seed, SIZE);
  const images = Array.from({ length: run.acquisitions }, (_, k) => run.imageAt(k));
  runs.set(seed, { run, images });
  return { run, images };
}
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const difference = (a: Uint8Array, b: Uint8Array): number => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
const darkening = (a: Uint8Array, b: Uint8Array, mask: Uint8Array): number => {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    sum += a[i]! - b[i]!;
    count++;
  }
  return sum / count;
};

describe('phantomRun', () => {
  it('gives the same bytes for the same seed, in whatever order they are read', () => {
    const { run, images } = rendered(3);
    const again = phantomRun(3, SIZE);
    for (const k of [run.acquisitions - 1, 0, 7]) expect(Buffer.compare(again.imageAt(k), images[k]!)).toBe(0);
  });

  it('gives other patients for other seeds', () => {
    expect(difference(rendered(3).images[0]!, rendered(4).images[0]!)).toBeGreaterThan(1);
  });

  it('has 20 to 30 acquisitions, the first 2 to 5 without contrast, and is stable before the last 5', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const run = phantomRun(seed, SIZE);
      expect(run.acquisitions).toBeGreaterThanOrEqual(20);
      expect(run.acquisitions).toBeLessThanOrEqual(30);
      expect(run.preContrast).toBeGreaterThanOrEqual(2);
      expect(run.preContrast).toBeLessThanOrEqual(5);
      expect(run.stableFrom).toBeLessThanOrEqual(run.acquisitions - 5);
    }
  });

  it('has one to ten tumours of 6.5 to 217 pixels, all within the liver, or one in ten times none', () => {
    const diameters: number[] = [];
    let without = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const run = phantomRun(seed, { width: 510, height: 394 });
      if (run.tumours.length === 0) without++;
      expect(run.tumours.length).toBeLessThanOrEqual(10);
      diameters.push(...run.tumours.map(({ diameter }) => diameter));
      const tumour = run.tumourMaskAt(run.acquisitions - 1);
      const liver = run.liverMaskAt(run.acquisitions - 1);
      const area = tumour.reduce((sum, value) => sum + value, 0);
      const inside = tumour.reduce((sum, value, i) => sum + (value & liver[i]!), 0);
      expect(inside).toBeGreaterThanOrEqual(0.9 * area);
    }
    expect(without).toBeGreaterThan(3);
    expect(without).toBeLessThan(20);
    expect(Math.min(...diameters)).toBeGreaterThanOrEqual(6.5);
    expect(Math.max(...diameters)).toBeLessThanOrEqual(217);
    expect(mean(diameters)).toBeGreaterThan(50);
    expect(mean(diameters)).toBeLessThan(85);
  });

  it('is flat but for noise before the contrast comes, and darkens where tumours lie once it is there', () => {
    for (const seed of [3, 5, 7]) {
      const { run, images } = rendered(seed);
      const last = images[run.acquisitions - 2]!;
      const mask = run.tumourMaskAt(run.acquisitions - 2);
      expect(Math.abs(darkening(images[0]!, images[run.preContrast - 1]!, mask))).toBeLessThan(2);
      expect(darkening(images[0]!, last, mask)).toBeGreaterThan(5);
    }
  });

  it('opacifies and then levels', () => {
    for (const seed of [3, 5, 7]) {
      const { run, images } = rendered(seed);
      const everywhere = new Uint8Array(256 * 256).fill(1);
      const opacity = images.map((image) => darkening(images[0]!, image, everywhere));
      const rise = opacity[run.stableFrom]! - opacity[run.preContrast]!;
      expect(rise).toBeGreaterThan(1);
      expect(Math.abs(opacity[run.stableFrom + 3]! - opacity[run.stableFrom]!)).toBeLessThan(0.35 * rise);
    }
  });

  it('carries fresh quantum noise in every acquisition', () => {
    const { run, images } = rendered(5);
    for (let k = 1; k < run.acquisitions; k++) expect(difference(images[k]!, images[k - 1]!)).toBeGreaterThan(0.5);
  });

  it('has the same noise at 256 × 256 as the area-averaged full-size image', () => {
    for (const seed of [5]) {
      const small = rendered(seed).images;
      const large = phantomRun(seed);
      const averaged = [0, 1].map((k) => areaAverage(large.imageAt(k)));
      expect(difference(small[1]!, small[0]!) / difference(averaged[1]!, averaged[0]!)).toBeCloseTo(1, 0.7);
    }
  });

  it('renders a 256 × 256 acquisition in less than half the time of a full-size one', () => {
    const fastest = (run: PhantomRun): number => {
      run.imageAt(0);
      return Math.min(
        ...Array.from({ length: 6 }, (_, k) => {
          const { user } = process.cpuUsage();
          run.imageAt(k + 8);
          return process.cpuUsage().user - user;
        }),
      );
    };
    expect(fastest(phantomRun(5, SIZE)) / fastest(phantomRun(5))).toBeLessThan(0.5);
  });

  it('refuses an acquisition that does not exist', () => {
    expect(() => rendered(3).run.imageAt(99)).toThrow('Expected an acquisition from 0 to');
  });
});

function areaAverage(image: Uint8Array): Uint8Array {
  const sums = new Float64Array(256 * 256);
  const weights = new Float64Array(256 * 256);
  for (let y = 0; y < FIELD_HEIGHT; y++) {
    for (let x = 0; x < FIELD_WIDTH; x++) {
      const index = Math.floor(((y + 0.5) * 256) / FIELD_HEIGHT) * 256 + Math.floor(((x + 0.5) * 256) / FIELD_WIDTH);
      sums[index]! += image[y * FIELD_WIDTH + x]!;
      weights[index]!++;
    }
  }
  return Uint8Array.from(sums, (sum, i) => Math.round(sum / weights[i]!));
}
