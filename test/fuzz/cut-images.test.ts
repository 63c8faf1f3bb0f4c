import fc from 'fast-check';
import { imageCutter, type Image, type PipePart } from '../../src/acquire/ffmpeg/cut-images';
import { cutAll } from '../support/cut-all';
import { holds } from './fuzz';

const sizes = fc.array(fc.record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 16 }) }), { maxLength: 6 });

/** A pipe's bytes in pieces, some empty, and the pictures announced on it: more or fewer than bytes, early or late. */
const pipes = fc.record({
  pictures: sizes,
  bytes: fc.uint8Array({ maxLength: 1500 }),
  pieces: fc.array(fc.nat(700), { minLength: 1, maxLength: 12 }),
  order: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
});

function partsOf({ pictures, bytes, pieces, order }: typeof pipes extends fc.Arbitrary<infer T> ? T : never): PipePart[] {
  const announcements = pictures.map((size, i): PipePart => ({ kind: 'picture', ...size, seconds: i, damaged: i % 2 === 1 }));
  const rest: PipePart[] = [];
  for (let from = 0, i = 0; from < bytes.length; i += 1) {
    // Every now and then an empty piece; but not for ever.
    const length = (pieces[i % pieces.length] ?? 1) || (i % 2 === 0 ? 0 : 1);
    rest.push({ kind: 'bytes', bytes: bytes.subarray(from, from + length), at: i });
    from += length;
  }
  const parts: PipePart[] = [];
  for (let i = 0; announcements.length + rest.length > 0; i += 1) {
    const [first, second] = order[i % order.length] ? [announcements, rest] : [rest, announcements];
    const next = first.shift() ?? second.shift();
    if (next) parts.push(next);
  }
  return parts;
}

holds('whatever the pipe brings, and in what pieces, each image is its own bytes and no other', pipes, (pipe) => {
  const cutter = imageCutter();
  const images: Image[] = partsOf(pipe).flatMap((part) => cutAll(cutter, part));
  let from = 0;
  const expected = pipe.pictures.flatMap(({ width, height }, i) => {
    const end = from + width * height;
    if (end > pipe.bytes.length) {
      from = Infinity;
      return [];
    }
    const pixels = pipe.bytes.slice(from, end);
    from = end;
    return [{ width, height, seconds: i, damaged: i % 2 === 1, behindMs: 0, pixels }];
  });
  expect(images).toHaveLength(expected.length);
  images.forEach(({ at: _, ...image }, i) => {
    const { pixels, ...facts } = expected[i] ?? { pixels: new Uint8Array() };
    expect({ ...image, pixels: null }).toEqual({ ...facts, pixels: null });
    expect(Buffer.compare(image.pixels, pixels)).toBe(0);
    expect(image.pixels.buffer.byteLength).toBe(pixels.length);
  });
});
