import fc from 'fast-check';
import { lastValueFrom, scan, takeWhile, toArray } from 'rxjs';
import { imageAreaFinder } from '../../src/acquire/image-area';
import type { Rect } from '../../src/frame';
import { withSampleFeed } from '../support/sample-data';
import { everyFfmpeg, source } from './ffmpegs';

jest.setTimeout(60_000);

const width = 640;
const height = 400;

/** A monitor: a grey panel with a clock, and an image of a mean grey with fresh noise. */
function monitor(area: Rect, grey: number, noise: number, seed: number): { width: number; height: number; pixels: Uint8Array } {
  const pixels = new Uint8Array(width * height).fill(20);
  let state = seed * 7919 + 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  for (let y = area.y; y < area.y + area.height; y += 1) {
    for (let x = area.x; x < area.x + area.width; x += 1) pixels[y * width + x] = grey + noise * (random() - 0.5);
  }
  for (let y = 10; y < 22; y += 1) for (let x = 560; x < 630; x += 1) pixels[y * width + x] = random() < 0.4 ? 230 : 20;
  return { width, height, pixels };
}

const areas = fc.record({
  x: fc.integer({ min: 0, max: 150 }),
  y: fc.integer({ min: 0, max: 60 }),
  width: fc.integer({ min: 200, max: 400 }),
  height: fc.integer({ min: 150, max: 340 }),
});
const edges = (area: Rect) => [area.x, area.y, area.x + area.width, area.y + area.height];
const apart = (a: Rect, b: Rect) => Math.max(...edges(a).map((edge, i) => Math.abs(edge - (edges(b)[i] ?? 0))));
const whole = { x: 0, y: 0, width, height };

it('takes the whole picture until something happens, clocks aside', () => {
  const find = imageAreaFinder();
  const idle = [1, 2, 3, 4].map((seed) => monitor({ x: 20, y: 30, width: 300, height: 300 }, 40, 0, seed));
  expect(idle.map(find)).toEqual([whole, whole, whole, whole]);
});

it('finds the image by the first acquisition, wherever it lies', () => {
  fc.assert(
    fc.property(areas, (area) => {
      const find = imageAreaFinder();
      find(monitor(area, 30, 0, 1));
      return apart(find(monitor(area, 120, 12, 2)), area) <= 3;
    }),
    { numRuns: 30 },
  );
});

it('leaves out the lines of a panel close beside the image that change with it', () => {
  const area = { x: 4, y: 4, width: 500, height: 390 };
  const withText = (picture: ReturnType<typeof monitor>): ReturnType<typeof monitor> => {
    for (let line = 0; line < 4; line += 1)
      for (let y = 100 + 40 * line; y < 116 + 40 * line; y += 1) for (let x = 512; x < 560; x += 1) picture.pixels[y * width + x] = 150;
    return picture;
  };
  const find = imageAreaFinder();
  find(monitor(area, 0, 0, 1));
  expect(apart(find(withText(monitor(area, 130, 12, 2))), area)).toBeLessThanOrEqual(3);
});

it('bridges a narrow band of the image in which nothing changes', () => {
  const area = { x: 40, y: 30, width: 400, height: 300 };
  const banded = (picture: ReturnType<typeof monitor>): ReturnType<typeof monitor> => {
    for (let y = 0; y < height; y += 1) picture.pixels.fill(0, y * width + 100, y * width + 106);
    return picture;
  };
  const find = imageAreaFinder();
  find(banded(monitor(area, 30, 0, 1)));
  expect(apart(find(banded(monitor(area, 120, 12, 2))), area)).toBeLessThanOrEqual(3);
});

it('finds the image by noise alone when it joins in mid-run, and never moves again', () => {
  fc.assert(
    fc.property(areas, (area) => {
      const find = imageAreaFinder();
      find(monitor(area, 120, 16, 1));
      const found = [2, 3, 4, 5].map((seed) => find(monitor(area, 120, 16, seed)));
      // A dialog, or the end of the signal.
      const after = [monitor(whole, 200, 100, 6), monitor(whole, 10, 0, 7), monitor(area, 120, 16, 8)].map(find);
      return found.every((each) => apart(each, area) <= 3) && after.every((each) => each === found[3]);
    }),
    { numRuns: 20 },
  );
});

it('begins anew when the picture changes its size', () => {
  const find = imageAreaFinder();
  const area = { x: 20, y: 30, width: 300, height: 300 };
  [1, 2, 3, 4].forEach((seed) => find(monitor(area, 120, 16, seed)));
  expect(find({ width: 320, height: 200, pixels: new Uint8Array(320 * 200) })).toEqual({ x: 0, y: 0, width: 320, height: 200 });
});

describe('on real feeds', () => {
  it.each(['suite-30fps', 'run-a-native-7.5fps', 'run-a-dsa-7.5fps', 'liver-fluoro-30fps'])(
    'finds the image area of %s',
    async (name) => {
      await withSampleFeed(name, async (video, truth) => {
        const [ffmpeg] = await everyFfmpeg();
        if (!ffmpeg) throw new Error('no ffmpeg');
        const found = await lastValueFrom(
          source(`file:${video}#rate=max`, ffmpeg).pipe(
            takeWhile((event) => event.kind !== 'frame' || event.frame.index < 300),
            scan((all, event) => {
              if (event.kind === 'frame')
                all.set(JSON.stringify(event.frame.imageArea), [
                  ...(all.get(JSON.stringify(event.frame.imageArea)) ?? []),
                  event.frame.index,
                ]);
              return all;
            }, new Map<string, readonly number[]>()),
            toArray(),
          ),
        );
        const areas = [...(found.at(-1) ?? [])];
        const [last, frames] = areas.at(-1) ?? ['{}', []];
        expect(apart(JSON.parse(last) as Rect, truth.imageArea)).toBeLessThanOrEqual(2);
        expect(areas.length).toBeLessThanOrEqual(2);
        expect(frames[0]).toBeLessThanOrEqual(truth.runs[0]?.acquisitions[1] ?? 0);
      })();
    },
    60_000,
  );
});
