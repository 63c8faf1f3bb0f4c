import fc from 'fast-check';
import { capturedFrame } from '../../../src/acquire/pixels/captured-frame';
import { kernels, Memory, SCRATCH_BYTES } from '../../../src/acquire/pixels/kernels.node';
import { Luma } from '../../../src/acquire/pixels/luma';
import { plainArithmetic, type PixelArithmetic } from '../../../src/acquire/pixels/picture-memory';
import type { Frame, Rect } from '../../../src/frame';
import { frameAt } from '../../support/frames';

const memory = new Memory({ initial: 64, maximum: 64, shared: true });
const wasm = kernels(memory);
const ROOM = 1 << 20;

/** Pixels in the kernels' memory, at an odd address. */
const placed = (pixels: Uint8Array, place: number): Uint8Array => {
  const there = new Uint8Array(memory.buffer, SCRATCH_BYTES + place * ROOM + 3, pixels.length);
  there.set(pixels);
  return there;
};

const sizes = fc.record({ width: fc.integer({ min: 1, max: 600 }), height: fc.integer({ min: 1, max: 400 }) });
/** A picture with all kinds of values, and an area of it. */
const pictures = sizes.chain(({ width, height }) =>
  fc.record({
    ...{ width: fc.constant(width), height: fc.constant(height), seed: fc.nat(), noise: fc.constantFrom(0, 1, 30, 255) },
    x: fc.nat(width - 1),
    y: fc.nat(height - 1),
    across: fc.double({ min: 0, max: 1, noNaN: true }),
    down: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);
type Drawn = typeof pictures extends fc.Arbitrary<infer P> ? P : never;

const areaOf = ({ width, height, x, y, across, down }: Drawn): Rect => {
  return { x, y, width: 1 + Math.floor(across * (width - x - 1)), height: 1 + Math.floor(down * (height - y - 1)) };
};
const pixelsOf = ({ width, height, seed, noise }: Drawn, salt = 0): Uint8Array => {
  let state = (seed + salt) | 1;
  return new Uint8Array(width * height).map((_, i) => {
    state = Math.imul(state, 1664525) + 1013904223;
    return (i % 251) + (((state >>> 16) % (noise + 1)) - noise / 2);
  });
};
/** In full range, or in video range of this many bits. */
const frameOf = (drawn: Drawn, pixels: Uint8Array, bits: number | null = null): Frame => {
  const { width, height } = drawn;
  return capturedFrame({ stream: 's', index: 0, capturedAt: 0, width, height, imageArea: areaOf(drawn) }, new Luma(pixels, bits));
};
const ranges = fc.constantFrom(null, 8, 10);

/** Runs a computation with the plain arithmetic and with the kernels. */
const both = <T>(
  pixels: readonly Uint8Array[],
  act: (arithmetic: PixelArithmetic, pixels: readonly Uint8Array[]) => T,
): readonly [T, T] => [
  act(
    plainArithmetic,
    pixels.map((each) => each.slice()),
  ),
  act(wasm, pixels.map(placed)),
];

describe('what is computed in WebAssembly equals the plain arithmetic to the bit:', () => {
  it('averages of any area', () => {
    fc.assert(
      fc.property(pictures, ranges, (drawn, bits) => {
        const [plain, quick] = both([pixelsOf(drawn)], ({ areaAverage }, [pixels]) =>
          areaAverage(frameOf(drawn, pixels as Uint8Array, bits), areaOf(drawn)),
        );
        expect(Buffer.compare(Buffer.from(plain.buffer), Buffer.from(quick.buffer))).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('what is new in each block of two images, but for the last digits of sums', () => {
    fc.assert(
      fc.property(pictures, fc.nat(), (drawn, salt) => {
        const averagesOf = (pixels: Uint8Array): Float32Array => plainArithmetic.areaAverage({ pixels, width: drawn.width }, areaOf(drawn));
        const [a, b] = [averagesOf(pixelsOf(drawn)), averagesOf(pixelsOf(drawn, salt))];
        const [plain, quick] = [plainArithmetic.compareBlocks(a, b), wasm.compareBlocks(a, b)];
        expect(quick.every((fact, i) => Math.abs(fact - (plain[i] as number)) <= 1e-12)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('averages of the largest values over the largest cells', () => {
    const drawn = { width: 1024, height: 1020 };
    const pixels = new Uint8Array(drawn.width * drawn.height).fill(255);
    const [plain, quick] = both([pixels], ({ areaAverage }, [given]) =>
      areaAverage({ pixels: given as Uint8Array, width: drawn.width }, { x: 0, y: 0, ...drawn }),
    );
    expect(quick).toEqual(plain);
    expect(quick.every((grey) => grey === 255)).toBe(true);
  });

  it('full range out of video range, and negatives, in place and nowhere else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.boolean(), (pixels, negative) => {
        const act = (arithmetic: PixelArithmetic, [given]: readonly Uint8Array[]): Uint8Array => {
          const part = (given as Uint8Array).subarray(1);
          if (negative) arithmetic.invert(part);
          else arithmetic.toFullRange(part);
          return (given as Uint8Array).slice();
        };
        const [plain, quick] = both([pixels], act);
        expect(quick).toEqual(plain);
        expect(quick[0]).toBe(pixels[0]);
      }),
    );
  });

  it('whether two pictures are the same, also where they differ in one pixel', () => {
    fc.assert(
      fc.property(pictures, fc.option(fc.nat()), ranges, ranges, (drawn, at, bits, otherBits) => {
        const pixels = pixelsOf(drawn);
        const other = pixels.slice();
        if (at !== null) other[at % other.length] = (other[at % other.length] as number) ^ 1;
        const [plain, quick] = both([pixels, other], ({ samePixels }, [a, b]) =>
          samePixels(frameOf(drawn, a as Uint8Array, bits), frameOf(drawn, b as Uint8Array, otherBits)),
        );
        expect(quick).toBe(plain);
        if (bits === otherBits && at === null) expect(quick).toBe(true);
        if (bits === null && otherBits === null) expect(quick).toBe(at === null);
      }),
      { numRuns: 60 },
    );
  });

  it('whether something outside the image area was redrawn', () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(pictures, fc.nat(40), fc.nat(60), ranges, ranges, (drawn, count, change, bits, otherBits) => {
        const pixels = pixelsOf(drawn);
        const other = pixels.slice();
        for (let i = 0; i < count; i++) {
          const at = (i * 7919 + drawn.seed) % other.length;
          other[at] = Math.min(255, (other[at] as number) + change);
        }
        const [plain, quick] = both([pixels, other], ({ hasOutsideChange }, [a, b]) =>
          hasOutsideChange(frameOf(drawn, a as Uint8Array, bits), frameOf(drawn, b as Uint8Array, otherBits)),
        );
        seen.add(quick);
        expect(quick).toBe(plain);
      }),
      { numRuns: 200 },
    );
    expect(seen).toEqual(new Set([true, false]));
  });
});

it('computes on pictures that lie elsewhere as well', () => {
  const pixels = Uint8Array.from({ length: 256 }, (_, i) => i);
  const frame = frameAt(0, { width: 16, height: 16, pixels, imageArea: { x: 0, y: 0, width: 16, height: 16 } });
  expect(wasm.areaAverage(frame, frame.imageArea)).toEqual(plainArithmetic.areaAverage(frame, frame.imageArea));
  expect(wasm.samePixels(frame, { ...frame, pixels: pixels.slice() })).toBe(true);
});
