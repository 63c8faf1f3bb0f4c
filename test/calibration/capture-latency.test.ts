import fc from 'fast-check';
import { coarse, type CoarsePicture, type Flash, flashGapMs } from '../../src/calibration/brightness-steps';
import { captureLatency } from '../../src/calibration/capture-latency';
import { type Random, seededRandom } from '../../src/phantom/random';

/** What a captured monitor does to flashes. */
interface Feed {
  readonly delayMs: number;
  /** Between two pictures. */
  readonly intervalMs: number;
  /** The largest difference of the delays of two pictures. */
  readonly jitterMs: number;
  /** Added delay in every other period of three seconds. */
  readonly stutterMs: number;
  /** Share of the pictures that never arrive. */
  readonly lost: number;
  /** Other flashes a second in the window. */
  readonly blinksHz: number;
  /** Share of the picture's width that the page covers. */
  readonly share: number;
}

const clean: Feed = { delayMs: 80, intervalMs: 1000 / 30, jitterMs: 0, stutterMs: 0, lost: 0, blinksHz: 0, share: 1 };

function flashes(count: number, { uniform }: Random, from = 10_000): readonly Flash[] {
  const painted: Flash[] = [];
  for (let at = from; painted.length < count; at += flashGapMs(uniform())) painted.push({ at, bright: painted.length % 2 === 0 });
  return painted;
}

function captured(painted: readonly Flash[], feed: Feed, { uniform }: Random): readonly CoarsePicture[] {
  const { delayMs, intervalMs, jitterMs, stutterMs, lost, blinksHz, share } = feed;
  const [start, end] = [(painted[0]?.at ?? 0) - 800, (painted.at(-1)?.at ?? 0) + 3000];
  const blinks = Array.from({ length: Math.round(((end - start) / 1000) * blinksHz) }, () => start + uniform() * (end - start));
  const pictures: CoarsePicture[] = [];
  for (let shownAt = start + uniform() * intervalMs; shownAt < end; shownAt += intervalMs) {
    const bright = painted.findLast(({ at }) => at <= shownAt)?.bright ?? false;
    const blinking = blinks.some((at) => shownAt >= at && shownAt < at + 120);
    const cells = Uint8Array.from({ length: 256 }, (_, cell) =>
      cell % 16 < share * 16 ? (bright !== blinking ? 225 : 20) + 10 * uniform() : 90 + 10 * uniform(),
    );
    const stutter = Math.floor(shownAt / 3000) % 2 === 0 ? stutterMs : 0;
    const at = Math.max(pictures.at(-1)?.at ?? 0, shownAt + delayMs + stutter + jitterMs * uniform());
    if (uniform() >= lost) pictures.push({ at, cells });
  }
  return pictures;
}

const why = (painted: readonly Flash[], pictures: readonly CoarsePicture[]): string => {
  const latency = captureLatency(painted, pictures);
  return latency.kind === 'unmeasurable' ? latency.why : `measured ${latency.latencyMs}`;
};

it('finds the way from the glass, with the half interval a change waits for the next picture', () => {
  const feeds = fc.record({
    delayMs: fc.double({ min: 0, max: 1900, noNaN: true }),
    intervalMs: fc.constantFrom(1000 / 60, 1000 / 30, 1000 / 25, 1000 / 12),
    jitterMs: fc.constantFrom(0, 10, 40),
    stutterMs: fc.constant(0),
    lost: fc.constantFrom(0, 0.05),
    blinksHz: fc.constantFrom(0, 0.15),
    share: fc.constantFrom(0.3, 1),
  });
  fc.assert(
    fc.property(fc.nat(), feeds, (seed, feed) => {
      const random = seededRandom(seed);
      const painted = flashes(40, random);
      const latency = captureLatency(painted, captured(painted, feed, random));
      if (latency.kind === 'unmeasurable') throw new Error(latency.why);
      const planted = feed.delayMs + feed.jitterMs / 2 + feed.intervalMs / 2;
      // Forty flashes, each at some time between two pictures.
      expect(Math.abs(latency.latencyMs - planted)).toBeLessThan(5 + feed.intervalMs * 0.35 + feed.jitterMs * 0.25);
      expect(latency.slowMs - latency.fastMs).toBeLessThan(feed.intervalMs * 1.5 + feed.jitterMs + 5);
      expect(latency.intervalMs).toBeGreaterThan(feed.intervalMs * 0.7);
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('measures by how much one of two feeds is later', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 50, max: 1500 }), (seed, laterMs) => {
      const measured = (feed: Feed): number => {
        const random = seededRandom(seed);
        const painted = flashes(40, random);
        const latency = captureLatency(painted, captured(painted, feed, random));
        return latency.kind === 'measured' ? latency.latencyMs : NaN;
      };
      expect(measured({ ...clean, delayMs: clean.delayMs + laterMs }) - measured(clean)).toBeCloseTo(laterMs, 6);
    }),
    { numRuns: 20 },
  );
}, 60_000);

it('takes a screen that shows flashes a frame before the page knows it for one without delay', () => {
  const latency = (delayMs: number) => {
    const random = seededRandom(3);
    const painted = flashes(40, random);
    return captureLatency(painted, captured(painted, { ...clean, intervalMs: 1000 / 60, delayMs }, random));
  };
  expect(latency(-17)).toMatchObject({ kind: 'measured', latencyMs: 0, fastMs: 0 });
  expect(latency(-60)).toMatchObject({ kind: 'unmeasurable', why: expect.stringContaining('the clock of the page is off') });
});

it('takes no other flashing for the page, whatever its rhythm', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.boolean(), (seed, other, regular) => {
      const painted = flashes(40, seededRandom(seed).fork('page'));
      const blinking = regular
        ? Array.from({ length: 60 }, (_, i): Flash => ({ at: 9500 + 500 * i, bright: i % 2 === 0 }))
        : flashes(44, seededRandom(other).fork('other'), 9000);
      // By chance many may match, but never at one delay.
      const line = why(painted, captured(blinking, clean, seededRandom(other)));
      expect(line).toMatch(
        /^(\d+ of 40 flashes fit what flashes in the pictures: is the page on the monitor|the pictures come too irregularly)/,
      );
    }),
    { numRuns: 60, examples: [[1572015738, 0, true]] },
  );
}, 60_000);

describe('gives the reason in a line where there is no result', () => {
  const random = seededRandom(7);
  const painted = flashes(40, random);

  it.each<[string, readonly Flash[], Feed, RegExp]>([
    ['a page that was closed', painted.slice(0, 7), clean, /^expected at least 20 flashes, the page painted 7: was it hidden or closed\?$/],
    ['pictures in which nothing flashes', painted, { ...clean, share: 0 }, /^nothing in the pictures flashes: /],
    [
      'pictures that come as they like',
      painted,
      { ...clean, stutterMs: 220 },
      /^the pictures come too irregularly: half of the flashes .* ms$/,
    ],
    [
      'a clock that is off',
      painted,
      { ...clean, delayMs: -200 },
      /^pictures seem to arrive before they are painted .*: the clock of the page/,
    ],
    [
      'a way that is too long',
      painted,
      { ...clean, delayMs: 2400 },
      /^expected at most 2000 ms; half of the flashes took 24\d\d to 24\d\d ms$/,
    ],
  ])('of %s', (_, flashed, feed, line) => {
    expect(why(flashed, captured(painted, feed, random))).toMatch(line);
  });

  it('of no pictures', () => {
    expect(why(painted, [])).toMatch(/^nothing in the pictures flashes/);
  });
});

it('sees a picture of any size as 16 × 16 cells, each by its own pixels', () => {
  const frame = (width: number, height: number, pixels: Uint8Array) =>
    coarse({ stream: 's', index: 0, capturedAt: 5, width, height, pixels, imageArea: { x: 0, y: 0, width, height } });
  const [width, height] = [333, 257];
  const right = Uint8Array.from({ length: width * height }, (_, i) => (i % width >= width / 2 ? 200 : 10));
  const { at, cells } = frame(width, height, right);
  expect(at).toBe(5);
  expect([...cells.subarray(0, 16)]).toEqual([...Array<number>(8).fill(10), ...Array<number>(8).fill(200)]);
  expect([...frame(1, 1, Uint8Array.of(77)).cells]).toEqual(Array<number>(256).fill(77));
});
