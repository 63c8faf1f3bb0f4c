import fc from 'fast-check';
import { type Image, imageCutter, type ImageFacts, type PipePart } from '../../src/acquire/ffmpeg/cut-images';
import { newMemory, type PictureMemory, type PictureBuffer } from '../../src/acquire/pixels/picture-memory';
import { cutAll } from '../support/cut-all';

const sizes = fc.array(fc.record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 30 }) }), {
  minLength: 1,
  maxLength: 8,
});

it('gives the same images whatever the pieces, however late the announcements', () => {
  fc.assert(
    fc.property(
      sizes,
      fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }),
      fc.infiniteStream(fc.nat(3)),
      (pictures, pieces, order) => {
        const stream = new Uint8Array(pictures.reduce((sum, { width, height }) => sum + width * height, 0)).map(
          (_, i) => (i * 31 + (i >> 7)) % 251,
        );
        const announcements: PipePart[] = pictures.map((size, i) => ({ kind: 'picture', ...size, seconds: i, damaged: i % 2 === 1 }));
        const bytes: PipePart[] = [];
        for (let from = 0, i = 0; from < stream.length; i += 1) {
          const length = pieces[i % pieces.length] ?? 1;
          bytes.push({ kind: 'bytes', bytes: stream.subarray(from, from + length), at: from + length });
          from += length;
        }
        const cutter = imageCutter();
        const images: Image[] = [];
        while (announcements.length + bytes.length > 0) {
          const next = order.next().value === 0 ? (announcements.shift() ?? bytes.shift()) : (bytes.shift() ?? announcements.shift());
          if (next) images.push(...cutAll(cutter, next));
        }
        let end = 0;
        expect(images).toHaveLength(pictures.length);
        images.forEach((image, i) => {
          const { width, height } = pictures[i] ?? { width: 0, height: 0 };
          expect([image.width, image.height, image.seconds, image.damaged]).toEqual([width, height, i, i % 2 === 1]);
          expect(image.pixels).toEqual(stream.slice(end, end + width * height));
          end += width * height;
          // Dated by the piece with its last byte.
          expect(image.at).toBeGreaterThanOrEqual(end);
        });
      },
    ),
  );
});

it('gives every image memory of its own', () => {
  const cutter = imageCutter();
  const piece = Uint8Array.from([1, 2, 3, 4]);
  cutter.cut({ kind: 'picture', width: 2, height: 1, seconds: null, damaged: false }, () => undefined);
  cutter.cut({ kind: 'picture', width: 2, height: 1, seconds: null, damaged: false }, () => undefined);
  const [first, second] = cutAll(cutter, { kind: 'bytes', bytes: piece, at: 0 });
  piece.fill(9);
  expect([first?.pixels, second?.pixels]).toEqual([Uint8Array.from([1, 2]), Uint8Array.from([3, 4])]);
  expect(first?.pixels.buffer.byteLength).toBe(2);
});

/** Memory that counts its holders; none to take while `full`. */
function countingMemory() {
  const state = { held: 0, full: false };
  const memory: PictureMemory = {
    ...newMemory,
    take: (pixels) => {
      if (state.full) return null;
      state.held += 1;
      return { pixels: new Uint8Array(pixels), loan: { hold: () => void state.held++, release: () => void state.held-- } };
    },
  };
  return { state, memory };
}

it('has bytes read straight into place and frees the room of a picture that stays incomplete', () => {
  const { state, memory } = countingMemory();
  const { cut, rest, close } = imageCutter(memory);
  expect(rest()).toBeNull();
  const images: Uint8Array[] = [];
  const complete = (_: ImageFacts, room: PictureBuffer | null): void => void (room && images.push(room.pixels.slice()));
  const read = (...values: number[]): void => {
    const place = rest()?.subarray(0, values.length);
    place?.set(values);
    cut({ kind: 'bytes', bytes: place ?? Uint8Array.from(values), at: 0 }, complete);
  };
  read(1, 2);
  cut({ kind: 'picture', width: 3, height: 1, seconds: 0, damaged: false }, complete);
  expect(rest()).toHaveLength(1);
  read(3);
  cut({ kind: 'picture', width: 2, height: 1, seconds: 0, damaged: false }, complete);
  cut({ kind: 'picture', width: 3, height: 1, seconds: 0, damaged: false }, complete);
  read(4);
  read(5);
  read(6, 7);
  expect(images).toEqual([Uint8Array.from([1, 2, 3]), Uint8Array.from([4, 5])]);
  // The latest complete picture, and the incomplete one.
  expect(state.held).toBe(2);
  close();
  close();
  expect(state.held).toBe(0);
});

const pair = { width: 2, height: 1, damaged: false };

it('gives a repeat the very pixels of the picture before it, once those are complete', () => {
  const { state, memory } = countingMemory();
  const { cut, close } = imageCutter(memory);
  const images: (ImageFacts & { readonly pixels: Uint8Array | undefined })[] = [];
  const complete = (facts: ImageFacts, room: PictureBuffer | null): void => void images.push({ ...facts, pixels: room?.pixels });
  cut({ kind: 'picture', ...pair, seconds: 0 }, complete);
  cut({ kind: 'repeat', ...pair, seconds: 1, at: 10 }, complete);
  cut({ kind: 'picture', ...pair, seconds: 2 }, complete);
  expect(images).toHaveLength(0);
  cut({ kind: 'bytes', bytes: Uint8Array.from([1, 2, 3]), at: 20 }, complete);
  expect(images.map(({ seconds, at }) => [seconds, at])).toEqual([[0, 20], [1, 20]]); // prettier-ignore
  cut({ kind: 'bytes', bytes: Uint8Array.from([4]), at: 30 }, complete);
  cut({ kind: 'repeat', ...pair, seconds: 3, at: 40 }, complete);
  expect(images.map(({ seconds, at }) => [seconds, at]).slice(2)).toEqual([[2, 30], [3, 40]]); // prettier-ignore
  const [a, sameAsA, b, sameAsB] = images.map(({ pixels }) => pixels);
  expect([a, b]).toEqual([Uint8Array.from([1, 2]), Uint8Array.from([3, 4])]);
  expect(sameAsA).toBe(a);
  expect(sameAsB).toBe(b);
  expect(state.held).toBe(1);
  close();
  expect(state.held).toBe(0);
});

it('recovers a picture for which there was no memory with the first repeat that finds some', () => {
  const { state, memory } = countingMemory();
  const { cut } = imageCutter(memory);
  const seen: (Uint8Array | undefined)[] = [];
  const complete = (_: ImageFacts, room: PictureBuffer | null): void => void seen.push(room?.pixels);
  state.full = true;
  cut({ kind: 'picture', ...pair, seconds: 0 }, complete);
  cut({ kind: 'bytes', bytes: Uint8Array.from([5, 6]), at: 0 }, complete);
  cut({ kind: 'repeat', ...pair, seconds: 1, at: 1 }, complete);
  state.full = false;
  cut({ kind: 'repeat', ...pair, seconds: 2, at: 2 }, complete);
  cut({ kind: 'repeat', ...pair, seconds: 3, at: 3 }, complete);
  expect(seen).toEqual([undefined, undefined, Uint8Array.from([5, 6]), Uint8Array.from([5, 6])]);
  expect(seen[3]).toBe(seen[2]);
  expect(state.held).toBe(1);
});
