import { givenArea } from '../../src/acquire/image-area/given-area';
import type { Rect } from '../../src/frame';
import { noise } from '../support/noise';
import { withSampleFeed } from '../support/sample-data';
import { everyFfmpeg, source } from './ffmpegs';

const [width, height] = [640, 400];
const xray: Rect = { x: 10, y: 30, width: 340, height: 340 };
const panel: Rect = { x: 400, y: 60, width: 200, height: 200 };
const other: Rect = { x: 400, y: 60, width: 220, height: 300 };

/** A monitor with a clock and exposures in some places, at 7.5 a second; `n` counts them. */
function monitor(n: number, ...exposed: readonly Rect[]) {
  const pixels = new Uint8Array(width * height).fill(20);
  const random = noise(n + 1);
  for (const { x: left, y: top, ...size } of exposed)
    for (let y = top; y < top + size.height; y += 1)
      for (let x = left; x < left + size.width; x += 1) pixels[y * width + x] = 110 + 20 * random();
  for (let y = 5; y < 17; y += 1) for (let x = 560; x < 630; x += 1) pixels[y * width + x] = Math.floor(n / 7.5) % 2 ? 200 : 20;
  return { width, height, pixels, capturedAt: (1000 * n) / 7.5 };
}
/** Hints about an area during this many seconds, without repetitions. */
function said(find: ReturnType<typeof givenArea>, from: number, to: number, ...exposed: readonly Rect[]): readonly (string | null)[] {
  const hints: (string | null)[] = [];
  for (let n = Math.round(from * 7.5); n < to * 7.5; n += 1) {
    const { hint } = find(monitor(n, ...exposed));
    if (hint !== hints.at(-1) || hints.length === 0) hints.push(hint);
  }
  return hints;
}
const stillWords =
  'the image area 400,60,200,200 stands still while 10,30,340,340 changes like X-ray: if that is the live image, give it as imageArea';

it('is clipped to the picture, and the clipping is reported', () => {
  const found = givenArea({ x: 500, y: 0, width: 300, height: 380 })(monitor(0));
  expect(found).toMatchObject({ area: { x: 500, y: 0, width: 140, height: 380 }, settled: true, still: false });
  expect(found.hint).toBe('imageArea=500,0,300,380 reaches out of the picture of 640 × 400: cut to 500,0,140,380');
});

it('is as it was given, without a word, where it fits and its image moves', () => {
  const find = givenArea(xray);
  expect(find(monitor(0)).area).toEqual(xray);
  expect([said(find, 0, 5), said(find, 5, 60, xray), said(find, 60, 65)]).toEqual([[null], [null], [null]]);
});

it('is reported as still soon after X-ray begins elsewhere, with the place', () => {
  const find = givenArea(panel);
  expect(said(find, 0, 30)).toEqual([null]);
  expect(said(find, 30, 33, xray)).toEqual([null, stillWords]);
  const found = find(monitor(300));
  expect(found).toMatchObject({ still: true, planes: [xray], settled: true, area: panel });
  // The screen is blanked and comes back, the X-ray stops: the area is as wrong as before.
  expect(said(find, 40, 41, { x: 0, y: 0, width, height })).toEqual([stillWords]);
  expect(said(find, 41, 60)).toEqual([stillWords]);
  expect(said(find, 60, 65, panel)).toEqual([stillWords, null]);
  expect(find(monitor(500))).toMatchObject({ still: false, planes: [] });
});

it('is reported as still also where a counter in it changes with every acquisition', () => {
  const find = givenArea(panel);
  const hints = Array.from({ length: 30 }, (_, n) => {
    const shown = monitor(n, xray);
    const random = noise(900 + n);
    for (let y = 100; y < 166; y += 1) for (let x = 420; x < 495; x += 1) shown.pixels[y * width + x] = random() < 0.4 ? 150 : 20;
    return find(shown).hint;
  });
  expect(hints.at(-1)).toBe(stillWords);
});

it('may stand still for half a minute of exposures of the other plane, once something moved in it', () => {
  const find = givenArea(other);
  said(find, 0, 10, other);
  expect(said(find, 10, 35, xray)).toEqual([null]);
  expect(said(find, 35, 40, other)).toEqual([null]);
  expect(said(find, 40, 65, xray)).toEqual([null]);
  expect(said(find, 65, 100, xray).at(-1)).toMatch(/^the image area 400,60,220,300 stands still while 10,30,340,340 changes/);
});

it('is looked at twice a second at most, and every two seconds once something moved in it', () => {
  const find = givenArea(xray);
  let looks = 0;
  const look = (n: number): void => {
    const { pixels, ...facts } = monitor(n, xray);
    const at = { ...facts, capturedAt: (1000 * n) / 60, get pixels() { looks += 1; return pixels; } }; // prettier-ignore
    find(at);
  };
  for (let n = 0; n < 1200; n += 1) look(n);
  // Each comparison reads two pictures.
  expect(looks).toBeLessThanOrEqual(2 * (3 + 10));
});

describe('on real feeds', () => {
  it.each([
    ['liver-fluoro-30fps', [null]],
    ['run-a-dsa-7.5fps', [null]],
    ['suite-30fps', [null]],
  ] as const)(
    'raises no hint about the true image area of %s',
    async (name, expected) => {
      await withSampleFeed(name, async (video, { imageArea: { x, y, width, height } }) =>
        expect(await hintsOf(`file:${video}#rate=max&imageArea=${x},${y},${width},${height}`)).toEqual(expected),
      )();
    },
    60_000,
  );

  it('reports a panel of suite-30fps as still', async () => {
    await withSampleFeed('suite-30fps', async (video) =>
      expect(await hintsOf(`file:${video}#rate=max&imageArea=900,100,300,300`)).toEqual([
        null,
        'the image area 900,100,300,300 stands still while 6,6,788,788 changes like X-ray: if that is the live image, give it as imageArea',
      ]),
    )();
  }, 60_000);
});

/** Events of a source about its image area, beginning with none. */
async function hintsOf(uri: string): Promise<readonly (string | null)[]> {
  const [ffmpeg] = await everyFfmpeg();
  if (!ffmpeg) throw new Error('no ffmpeg');
  const hints: (string | null)[] = [null];
  await source(uri, ffmpeg).forEach((event) => void (event.kind === 'area' && hints.push(event.found.hint)));
  return hints;
}
