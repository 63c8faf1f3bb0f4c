import fc from 'fast-check';
import { hasOutsideChange, samePixels } from '../../../src/acquire/pixels/compare-pixels';
import type { Frame, Rect } from '../../../src/frame';
import { seededRandom } from '../../../src/phantom/random';
import { frameAt } from '../../support/frames';

/** Two pictures of one size that differ strongly in some pixels. */
const pairs = fc
  .record({
    seed: fc.nat(),
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    share: fc.double({ min: 0, max: 0.2, noNaN: true }),
  })
  .chain(({ seed, width, height, share }) =>
    fc
      .record({
        ...{ x: fc.integer({ min: 0, max: width - 1 }), y: fc.integer({ min: 0, max: height - 1 }) },
        ...{ right: fc.integer({ min: 1, max: width }), bottom: fc.integer({ min: 1, max: height }) },
      })
      .map(({ x, y, right, bottom }) => {
        const imageArea: Rect = { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) };
        const { uniform } = seededRandom(seed);
        const a = new Uint8Array(width * height).map(() => 256 * uniform());
        const b = a.map((value) => (uniform() < share ? 255 - value : value + (uniform() < 0.3 && value < 230 ? 20 : 0)));
        return [frameAt(0, { width, height, imageArea, pixels: a }), frameAt(1, { width, height, imageArea, pixels: b })] as const;
      }),
  );

function strongChangesOutside(a: Frame, b: Frame): number {
  const { x, y, width, height } = a.imageArea;
  let count = 0;
  for (let row = 0; row < a.height; row += 2)
    for (let column = 0; column < a.width; column++) {
      if (row >= y && row < y + height && column >= x && column < x + width) continue;
      const i = row * a.width + column;
      if (Math.abs((a.pixels[i] as number) - (b.pixels[i] as number)) > 24) count++;
    }
  return count;
}

describe('livingPixels', () => {
  it('holds when a dozen pixels outside the image area changed strongly, on every other row', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        expect(hasOutsideChange(a, b)).toBe(strongChangesOutside(a, b) >= 12);
      }),
      { numRuns: 300 },
    );
  });

  it('does not see what changes inside the image area, nor codec noise outside', () => {
    const imageArea = { x: 4, y: 2, width: 20, height: 20 };
    const pixels = new Uint8Array(900).fill(100);
    const inside = pixels.map((value, i) => (i % 30 >= 4 && i % 30 < 24 && i >= 60 && i < 660 ? 255 : value));
    const shown = (shows: Uint8Array): Frame => frameAt(0, { width: 30, height: 30, imageArea, pixels: shows });
    expect(hasOutsideChange(shown(inside), shown(pixels))).toBe(false);
    expect(hasOutsideChange(shown(pixels.map((value, i) => value + (i % 7))), shown(pixels))).toBe(false);
  });

  it('sees nothing that changes in another image, or within sixteen pixels of it, and what changes further away', () => {
    const at = { width: 200, height: 40, imageArea: { x: 0, y: 4, width: 40, height: 30 } };
    const still = new Uint8Array(8000);
    for (const [column, alive] of [
      [50, true],
      [83, true],
      [84, false],
      [110, false],
      [155, false],
      [156, true],
      [199, true],
    ] as const) {
      // prettier-ignore
      const moved = still.map((_, i) => (i % 200 === column ? 255 : 0));
      const shown = (pixels: Uint8Array): Frame => frameAt(0, { ...at, pixels, otherImages: [{ x: 100, y: 0, width: 40, height: 40 }] });
      expect([column, hasOutsideChange(shown(moved), shown(still))]).toEqual([column, alive]);
    }
  });

  it('sees nothing outside an image area that is the whole picture', () => {
    const imageArea = { x: 0, y: 0, width: 30, height: 30 };
    const shown = (grey: number): Frame => frameAt(0, { width: 30, height: 30, imageArea, pixels: new Uint8Array(900).fill(grey) });
    expect(hasOutsideChange(shown(0), shown(255))).toBe(false);
  });
});

describe('samePixels', () => {
  it('holds for the same picture, and no longer when a single pixel differs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), fc.nat(11), (pixels, place) => {
        const a = frameAt(0, { width: 4, height: 3, pixels });
        expect(samePixels(a, frameAt(9, { width: 4, height: 3, pixels: pixels.slice() }))).toBe(true);
        const other = pixels.map((value, i) => (i === place ? value ^ 1 : value));
        expect(samePixels(a, frameAt(9, { width: 4, height: 3, pixels: other }))).toBe(false);
      }),
    );
  });

  it('does not hold for the same bytes in another shape', () => {
    const pixels = new Uint8Array(12);
    expect(samePixels(frameAt(0, { width: 4, height: 3, pixels }), frameAt(0, { width: 3, height: 4, pixels }))).toBe(false);
  });
});
