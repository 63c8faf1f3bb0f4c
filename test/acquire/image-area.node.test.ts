import fc from 'fast-check';
import { lastValueFrom, mergeMap, of, takeLast, takeWhile, toArray } from 'rxjs';
import { areaText } from '../../src/acquire/image-area/area-text';
import { imageAreaFinder } from '../../src/acquire/image-area/image-area';
import { type Rect, sameRect } from '../../src/frame';
import { withSampleFeed } from '../support/sample-data';
import { everyFfmpeg, run, scratch, source } from './ffmpegs';

jest.setTimeout(60_000);

const width = 640;
const height = 400;

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly capturedAt: number;
}

/** The area alone. */
function finder(plane?: number): (picture: Picture) => Rect {
  const find = imageAreaFinder(plane);
  return (picture) => find(picture).area;
}

/** A monitor: a grey panel with a clock, and an image with fresh noise around a mean grey. */
function monitor(area: Rect, grey: number, noise: number, seed: number): Picture {
  const pixels = new Uint8Array(width * height).fill(20);
  let state = seed * 7919 + 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  for (let y = area.y; y < area.y + area.height; y += 1) {
    for (let x = area.x; x < area.x + area.width; x += 1) pixels[y * width + x] = grey + noise * (random() - 0.5);
  }
  for (let y = 10; y < 22; y += 1) for (let x = 560; x < 630; x += 1) pixels[y * width + x] = random() < 0.4 ? 230 : 20;
  return { width, height, pixels, capturedAt: 133 * seed };
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
  const find = finder();
  const idle = [1, 2, 3, 4].map((seed) => monitor({ x: 20, y: 30, width: 300, height: 300 }, 40, 0, seed));
  expect(idle.map(find)).toEqual([whole, whole, whole, whole]);
});

it('finds the image by the first acquisition, wherever it lies', () => {
  fc.assert(
    fc.property(areas, (area) => {
      const find = finder();
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
  const find = finder();
  find(monitor(area, 0, 0, 1));
  expect(apart(find(withText(monitor(area, 130, 12, 2))), area)).toBeLessThanOrEqual(3);
});

/**
 * Slightly changes a margin of this many pixels around the image with every acquisition, like an encoder that redraws
 * whole blocks.
 */
function smeared(area: Rect, far: number, seed: number): Picture {
  const picture = monitor(area, 120, 24, seed);
  const around = monitor(
    { x: area.x - far, y: area.y - far, width: area.width + 2 * far, height: area.height + 2 * far },
    21,
    8,
    seed + 99,
  );
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < 2 * area.x + area.width; x += 1) {
      const inside = x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
      if (!inside) picture.pixels[y * width + x] = around.pixels[y * width + x]!;
    }
  }
  return picture;
}

it.each([
  [{ x: 3, y: 3, width: 440, height: 394 }, 3],
  [{ x: 4, y: 3, width: 443, height: 391 }, 3],
  [{ x: 20, y: 17, width: 400, height: 340 }, 7],
])('leaves out a border that an encoder redraws with the image: %j', (area, far) => {
  const find = finder();
  const found = Array.from({ length: 8 }, (_, seed) => find(smeared(area, far, seed + 1))).at(-1);
  expect(found).toEqual(area);
});

it('takes an image that fades towards the edge of the picture up to there', () => {
  const find = finder();
  const faded = (seed: number): Picture => {
    const picture = monitor(whole, 120, 40, seed);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const share = Math.min(1, 0.3 + Math.min(x, y, width - 1 - x, height - 1 - y) / 16);
        picture.pixels[y * width + x] = 20 + share * (picture.pixels[y * width + x]! - 20);
      }
    }
    return picture;
  };
  expect(Array.from({ length: 8 }, (_, seed) => find(faded(seed + 1))).at(-1)).toEqual(whole);
});

it('bridges a narrow band of the image in which nothing changes', () => {
  const area = { x: 40, y: 30, width: 400, height: 300 };
  const banded = (picture: ReturnType<typeof monitor>): ReturnType<typeof monitor> => {
    for (let y = 0; y < height; y += 1) picture.pixels.fill(0, y * width + 100, y * width + 106);
    return picture;
  };
  const find = finder();
  find(banded(monitor(area, 30, 0, 1)));
  expect(apart(find(banded(monitor(area, 120, 12, 2))), area)).toBeLessThanOrEqual(3);
});

it('finds the image by noise alone when it joins in mid-run, and stays there when a dialog opens or the signal ends', () => {
  fc.assert(
    fc.property(areas, (area) => {
      const find = finder();
      for (let seed = -6; seed < 2; seed += 1) find(monitor(area, 120, 16, seed));
      const found = [2, 3, 4, 5].map((seed) => find(monitor(area, 120, 16, seed)));
      const after = [monitor(whole, 200, 100, 6), monitor(whole, 10, 0, 7), monitor(area, 120, 16, 8)].map(find);
      return found.every((each) => apart(each, area) <= 3) && after.every((each) => each === found[3]);
    }),
    { numRuns: 20 },
  );
});

describe('what has settled', () => {
  const area = { x: 20, y: 30, width: 400, height: 340 };
  const exposures = (place: Rect, from: number, count: number): Picture[] =>
    Array.from({ length: count }, (_, i) => ({ ...monitor(place, 120, 16, from + i), capturedAt: 1100 * (from + i) }));

  it('is what three exposures agree on, and not before', () => {
    const find = imageAreaFinder();
    const [idle, ...others] = [monitor(area, 30, 0, 1), ...exposures(area, 2, 5)];
    if (idle) find(idle);
    expect(others.map((picture) => find(picture).settled)).toEqual([false, false, false, true, true]);
  });

  it('gives way to a larger image that holds it, and to one elsewhere, when later exposures agree on that', () => {
    for (const [first, later] of [
      [{ ...area, height: 170 }, area],
      [
        { x: 20, y: 30, width: 250, height: 250 },
        { x: 330, y: 100, width: 250, height: 250 },
      ],
    ] as const) {
      const find = finder();
      exposures(first, 1, 10).map(find);
      const found = exposures(later, 20, 24).map(find);
      expect(apart(found[0]!, first)).toBeLessThanOrEqual(3);
      expect(apart(found.at(-1)!, later)).toBeLessThanOrEqual(3);
    }
  });

  it('does not shrink to the part of it that a collimator leaves', () => {
    const find = finder();
    exposures(area, 1, 6).map(find);
    expect(apart(exposures({ x: 100, y: 100, width: 200, height: 200 }, 10, 24).map(find).at(-1)!, area)).toBeLessThanOrEqual(3);
  });
});

describe('two planes', () => {
  const [left, right] = [
    { x: 10, y: 40, width: 290, height: 290 },
    { x: 320, y: 40, width: 290, height: 290 },
  ];
  /** Noise in both, or in the one whose turn it is. */
  function planes(inTurn: boolean, seed: number): Picture {
    const turn = (n: number) => (inTurn ? 2 * Math.floor((seed + n) / 2) : seed);
    const picture = monitor(left, 120, 16, 1000 + turn(0));
    const other = monitor(right, 120, 16, 5000 + turn(1));
    for (let y = right.y; y < right.y + right.height; y += 1) {
      const row = y * width + right.x;
      picture.pixels.set(other.pixels.subarray(row, row + right.width), row);
    }
    return { ...picture, capturedAt: 133 * seed };
  }

  it.each([false, true])('are two areas, and the selected one is taken (exposed in turn: %s)', (inTurn) => {
    const pictures = Array.from({ length: 12 }, (_, seed) => planes(inTurn, seed));
    for (const [asked, expected] of [
      [undefined, left],
      [1, left],
      [2, right],
    ] as const) {
      const find = imageAreaFinder(asked);
      const found = pictures.map(find).at(-1)!;
      expect(apart(found.area, expected)).toBeLessThanOrEqual(3);
      expect(found.planes).toHaveLength(2);
      expect(found.settled).toBe(true);
      // With `plane` given, there is nothing to report.
      expect(found.hint === null).toBe(asked !== undefined);
    }
  });

  it('are listed with the options that select them, where none was selected', () => {
    const find = imageAreaFinder();
    const found = Array.from({ length: 12 }, (_, seed) => find(planes(false, seed))).at(-1)!;
    const [x, y] = found.planes.map(areaText).sort();
    expect(found.hint).toBe(`two X-ray images: ${x} is taken; plane=1 keeps it, plane=2 takes ${y}`);
  });

  it('are listed also where the second one begins after the first has settled', () => {
    const find = imageAreaFinder();
    const alone = Array.from({ length: 10 }, (_, n) => ({ ...monitor(left, 120, 16, n + 1), capturedAt: 1100 * n }))
      .map(find)
      .at(-1)!;
    expect(alone).toMatchObject({ settled: true, planes: [alone.area], hint: null });
    const both = Array.from({ length: 20 }, (_, n) => find({ ...planes(false, 100 + n), capturedAt: 1100 * (100 + n) })).at(-1)!;
    expect([both.area, both.planes.includes(alone.area), both.planes.length]).toEqual([alone.area, true, 2]);
    expect(both.hint).toMatch(/^two X-ray images: .* is taken; plane=1 keeps it, plane=2 takes /);
  });
});

it('takes no counter in a panel that changes with every acquisition for a second plane', () => {
  const area = { x: 10, y: 20, width: 420, height: 360 };
  const find = imageAreaFinder();
  const found = Array.from({ length: 12 }, (_, n) => {
    const picture = monitor(area, 120, 16, n + 1);
    const counter = monitor({ x: 500, y: 100, width: 76, height: 70 }, 60, 90, n + 50);
    for (let y = 100; y < 170; y += 1) for (let x = 500; x < 576; x += 1) picture.pixels[y * width + x] = counter.pixels[y * width + x]!;
    return find(picture);
  }).at(-1)!;
  expect(found).toMatchObject({ settled: true, planes: [found.area], hint: null });
  expect(apart(found.area, area)).toBeLessThanOrEqual(3);
});

it('takes a torn screen for one image', () => {
  const area = { x: 20, y: 30, width: 400, height: 340 };
  const find = imageAreaFinder();
  const whole = Array.from({ length: 8 }, (_, i) => monitor(area, 120, 16, i + 1));
  const torn = whole.slice(1).flatMap((picture, i) => {
    const pixels = whole[i]!.pixels.slice();
    pixels.set(picture.pixels.subarray(0, 200 * width));
    return [{ ...picture, pixels }, picture];
  });
  const found = [whole[0]!, ...torn].map(find).at(-1)!;
  expect(apart(found.area, area)).toBeLessThanOrEqual(3);
  expect(found).toMatchObject({ settled: true, planes: [found.area] });
});

it('starts over when the picture changes its size', () => {
  const find = finder();
  const area = { x: 20, y: 30, width: 300, height: 300 };
  [1, 2, 3, 4].forEach((seed) => find(monitor(area, 120, 16, seed)));
  expect(find({ width: 320, height: 200, pixels: new Uint8Array(320 * 200), capturedAt: 900 })).toEqual({
    x: 0,
    y: 0,
    width: 320,
    height: 200,
  });
});

describe('on real feeds', () => {
  it.each([
    ['a DVD', 'fps=25,scale=720:576', ['-c:v', 'mpeg2video', '-b:v', '6000k', '-g', '15', '-bf', '2', '-f', 'dvd'], 'vob'],
    ['weakly coded JPEG', 'scale=1024:640', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '12'], 'avi'],
  ])('finds the image to two pixels in %s, whose encoder redraws its border, too', async (_, filters, encoder, suffix) => {
    await withSampleFeed('suite-30fps', async (video, truth) => {
      const folder = scratch();
      for (const ffmpeg of await everyFfmpeg()) {
        const file = folder.path(`coded.${suffix}`);
        await run(ffmpeg.path, '-i', video, '-t', '4', '-vf', filters, ...encoder, file);
        const { imageArea, ...size } = await lastValueFrom(
          source(`file:${file}#rate=max`, ffmpeg).pipe(
            mergeMap((event) => (event.kind === 'frame' ? of(event.frame) : of())),
            takeLast(1),
          ),
        );
        const along = size.width / truth.width;
        const down = size.height / truth.height;
        const { x, y, width, height } = truth.imageArea;
        expect(apart(imageArea, { x: x * along, y: y * down, width: width * along, height: height * down })).toBeLessThan(2);
      }
      folder.remove();
    })();
  });

  it.each(['suite-30fps', 'run-a-native-7.5fps', 'run-a-dsa-7.5fps', 'liver-fluoro-30fps'])(
    'finds the image area of %s',
    async (name) => {
      await withSampleFeed(name, async (video, truth) => {
        const [ffmpeg] = await everyFfmpeg();
        if (!ffmpeg) throw new Error('no ffmpeg');
        const found = await lastValueFrom(
          source(`file:${video}#rate=max`, ffmpeg).pipe(
            takeWhile((event) => event.kind !== 'frame' || event.frame.index < 300),
            mergeMap((event) => (event.kind === 'frame' ? of(event.frame) : of())),
            toArray(),
          ),
        );
        const last = found.at(-1)?.imageArea ?? whole;
        expect(apart(last, truth.imageArea)).toBeLessThanOrEqual(2);
        const settled = found.findIndex(({ imageArea }, i) => found.slice(i).every((later) => sameRect(later.imageArea, imageArea)));
        expect(settled).toBeLessThanOrEqual(truth.runs[0]?.acquisitions[4] ?? 0);
      })();
    },
    60_000,
  );
});
