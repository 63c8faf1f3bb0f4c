import fc from 'fast-check';
import { decodeRunLengths, encodeRunLengths } from '../../src/mask/run-length';
import { MAX_SIDE } from '../../src/protocol/fields';
import { holds, keptBytes } from './fuzz';
import { anyBytes, mutatedBytes } from './mutations';

const runs = fc.array(fc.oneof(fc.nat(5), fc.nat(3000)), { maxLength: 30 });
const bitsOf = (lengths: readonly number[]): Uint8Array =>
  Uint8Array.from(lengths.flatMap((length, i) => new Array<number>(length).fill(i % 2)));

holds('a mask encoded and decoded is the mask', runs, (lengths) => {
  const bits = bitsOf(lengths);
  expect(Buffer.compare(decodeRunLengths(encodeRunLengths(bits), bits.length), bits)).toBe(0);
});

const garbage = fc.tuple(
  fc.oneof(
    { weight: 2, arbitrary: mutatedBytes(runs.map((lengths) => encodeRunLengths(bitsOf(lengths)))) },
    { weight: 1, arbitrary: anyBytes },
  ),
  fc.oneof(fc.nat(20), fc.nat(70_000), fc.constantFrom(256 * 256, 2 ** 20)),
);

holds(
  'garbage is refused, or is a mask of the announced size that encodes to the same',
  garbage,
  ([bytes, pixels]) => {
    let bits: Uint8Array;
    try {
      bits = decodeRunLengths(bytes, pixels);
    } catch (error) {
      return expect((error as Error).message).toMatch(/^Expected /);
    }
    expect([bits.length, bits.buffer.byteLength]).toEqual([pixels, pixels]);
    expect(Buffer.compare(decodeRunLengths(encodeRunLengths(bits), pixels), bits)).toBe(0);
  },
  { kept: keptBytes('run-length').map((bytes): [Uint8Array, number] => [bytes, 256 * 256]) },
);

holds('garbage that announces the largest mask takes no memory for it', anyBytes, (payload) => {
  const before = process.memoryUsage().arrayBuffers;
  try {
    decodeRunLengths(payload, MAX_SIDE * MAX_SIDE);
  } catch {
    const taken = process.memoryUsage().arrayBuffers - before;
    if (taken > 1024 * 1024) throw new Error(`Expected no memory to be taken, got ${taken} bytes`);
  }
});
