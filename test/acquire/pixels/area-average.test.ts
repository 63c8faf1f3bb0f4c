import fc from 'fast-check';
import { areaAverage, toAnalysisImage } from '../../../src/acquire/pixels/area-average';
import { ANALYSIS_SIZE, type Rect } from '../../../src/frame';
import { seededRandom } from '../../../src/phantom/random';

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}
function random(seed: number, width: number, height: number): Picture {
  const { uniform } = seededRandom(seed);
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++) pixels[i] = 256 * uniform();
  return { width, height, pixels };
}

/** The mean over one output cell, each pixel weighted by its share inside. */
function naive({ pixels, width }: Picture, area: Rect, column: number, row: number): number {
  const [left, right] = [area.x + (column * area.width) / ANALYSIS_SIZE, area.x + ((column + 1) * area.width) / ANALYSIS_SIZE];
  const [top, bottom] = [area.y + (row * area.height) / ANALYSIS_SIZE, area.y + ((row + 1) * area.height) / ANALYSIS_SIZE];
  let sum = 0;
  for (let y = Math.floor(top); y < Math.min(Math.ceil(bottom), area.y + area.height); y++) {
    for (let x = Math.floor(left); x < Math.min(Math.ceil(right), area.x + area.width); x++) {
      const share = (Math.min(x + 1, right) - Math.max(x, left)) * (Math.min(y + 1, bottom) - Math.max(y, top));
      sum += share * (pixels[y * width + x] as number);
    }
  }
  return sum / ((right - left) * (bottom - top));
}

/** A picture of any size, and an area somewhere in it. */
const cases = fc
  .record({ seed: fc.nat(), width: fc.integer({ min: 1, max: 700 }), height: fc.integer({ min: 1, max: 700 }) })
  .chain(({ seed, width, height }) =>
    fc.record({ x: fc.integer({ min: 0, max: width - 1 }), y: fc.integer({ min: 0, max: height - 1 }) }).chain(({ x, y }) =>
      fc.record({
        picture: fc.constant({ seed, width, height }),
        area: fc.record({
          ...{ x: fc.constant(x), y: fc.constant(y) },
          ...{ width: fc.integer({ min: 1, max: width - x }), height: fc.integer({ min: 1, max: height - y }) },
        }),
      }),
    ),
  );

describe('areaAverage', () => {
  it('gives the mean of each cell to the bit, for any area of any picture, larger or smaller than the analysis image', () => {
    fc.assert(
      fc.property(cases, ({ picture: { seed, width, height }, area }) => {
        const picture = random(seed, width, height);
        const averages = areaAverage(picture, area);
        const spots = [...[0, 1, 127, 128, 254, 255].flatMap((a) => [0, 100, 255].map((b) => [a, b] as const))];
        for (const [column, row] of spots) {
          expect(averages[row * ANALYSIS_SIZE + column]).toBe(Math.fround(naive(picture, area, column, row)));
        }
      }),
      { numRuns: 60 },
    );
  }, 20_000);

  it.each([
    [1021, 788],
    [257, 255],
    [100, 3],
    [1, 1],
  ])('gives the mean of every cell of a picture of %i × %i', (width, height) => {
    const picture = random(5, width, height);
    const area = { x: 0, y: 0, width, height };
    const averages = areaAverage(picture, area);
    let different = 0;
    for (let row = 0; row < ANALYSIS_SIZE; row += 5)
      for (let column = 0; column < ANALYSIS_SIZE; column++) {
        if (averages[row * ANALYSIS_SIZE + column] !== Math.fround(naive(picture, area, column, row))) different++;
      }
    expect(different).toBe(0);
  });

  it('leaves a picture of the analysis size as it is', () => {
    const picture = random(6, ANALYSIS_SIZE, ANALYSIS_SIZE);
    const averages = areaAverage(picture, { x: 0, y: 0, width: ANALYSIS_SIZE, height: ANALYSIS_SIZE });
    expect(Buffer.compare(toAnalysisImage(averages), picture.pixels)).toBe(0);
  });

  it('keeps the mean of the area', () => {
    fc.assert(
      fc.property(cases, ({ picture: { seed, width, height }, area }) => {
        const { pixels } = random(seed, width, height);
        let sum = 0;
        for (let y = area.y; y < area.y + area.height; y++)
          for (let x = area.x; x < area.x + area.width; x++) sum += pixels[y * width + x] as number;
        const averages = areaAverage({ pixels, width }, area);
        let mean = 0;
        for (const value of averages) mean += value / averages.length;
        expect(mean).toBeCloseTo(sum / (area.width * area.height), 2);
      }),
      { numRuns: 30 },
    );
  }, 20_000);

  it('looks at nothing outside the area', () => {
    const area = { x: 7, y: 9, width: 60, height: 50 };
    const [a, b] = [random(1, 80, 70), random(1, 80, 70)];
    for (let i = 0; i < b.pixels.length; i++) {
      const [x, y] = [i % 80, Math.floor(i / 80)];
      if (x < area.x || y < area.y || x >= area.x + area.width || y >= area.y + area.height) b.pixels[i] = 255 - (b.pixels[i] as number);
    }
    expect(areaAverage(b, area)).toEqual(areaAverage(a, area));
  });
});

describe('toAnalysisImage', () => {
  it('rounds to the nearest grey value, in memory that a worker can share', () => {
    const image = toAnalysisImage(Float32Array.of(0, 0.4, 0.6, 254.6, 255));
    expect([...image]).toEqual([0, 0, 1, 255, 255]);
    expect(image.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});
