import fc from 'fast-check';
import { decodeRunLengths, encodeRunLengths } from '../../src/mask/run-length';
import { grids } from './grids';

describe('run lengths', () => {
  it('decode to what was encoded', () => {
    fc.assert(fc.property(grids, ({ bits }) => expect(decodeRunLengths(encodeRunLengths(bits), bits.length)).toEqual(bits)));
  });

  it('decode to what was encoded when runs are long', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lengths, (runs) => {
        const bits = Uint8Array.from(runs.flatMap((length, i) => new Array<number>(length).fill(i % 2)));
        expect(Buffer.from(decodeRunLengths(encodeRunLengths(bits), bits.length)).equals(Buffer.from(bits))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    [
      [0, 0, 0, 1, 1, 0],
      [3, 2, 1],
    ],
    [
      [1, 1],
      [0, 2],
    ],
    [new Array<number>(300).fill(0), [0xac, 0x02]],
    [[], [0]],
  ])('of %j are %j', (bits, bytes) => {
    expect([...encodeRunLengths(Uint8Array.from(bits))]).toEqual(bytes);
  });

  it('count every pixel but 0 as set', () => {
    expect([...encodeRunLengths(Uint32Array.from([0, 7, 70_000, 0]))]).toEqual([1, 2, 1]);
  });

  it.each([
    ['too few pixels', [3, 2], 6, 'Expected run lengths of 6 pixels in total, got 5'],
    ['too many pixels', [3, 4], 6, 'Expected run lengths of 6 pixels in total, got more'],
    ['a cut number', [3, 0x82], 6, 'got the end'],
    ['a number without end', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80], 6, 'Expected a run length of at most 5 bytes, got more'],
    ['nothing', [], 6, 'Expected run lengths of 6 pixels in total, got 0'],
  ])('are refused with %s', (_, bytes, pixels, message) => {
    expect(() => decodeRunLengths(Uint8Array.from(bytes), pixels)).toThrow(message);
  });

  it('that do not add up are refused before any memory is taken', () => {
    const before = process.memoryUsage().arrayBuffers;
    expect(() => decodeRunLengths(Uint8Array.of(3), 2 ** 28)).toThrow('got 3');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  it('never decode to another size, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.integer({ min: 0, max: 500 }), (bytes, pixels) => {
        try {
          expect(decodeRunLengths(bytes, pixels)).toHaveLength(pixels);
        } catch (error) {
          expect((error as Error).message).toMatch(/^Expected /);
        }
      }),
    );
  });
});
