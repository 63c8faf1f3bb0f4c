import { areaAverage } from '../../src/acquire/pixels/area-average';
import { plainArithmetic } from '../../src/acquire/pixels/picture-memory';
import { type StillBefore, type EarlierAcquisition, EarlierAcquisitions } from '../../src/acquisitions/earlier-acquisitions';
import type { AnalysedFrame } from '../../src/acquisitions/latest-acquisitions';
import { frameAt } from '../support/frames';
import { exposure, noise, type Painted, toPixels } from '../support/grey';

const SIZE = 256;
/** A captured picture, analysed. */
const shown = (at: number, pixels: Uint8Array): AnalysedFrame => {
  const frame = frameAt(at, { pixels });
  return { frame, averages: areaAverage(frame, frame.imageArea), blank: false };
};
const exposed = (at: number, look: Omit<Painted, 'seed'> & { seed: number }): AnalysedFrame => shown(at, exposure(look.seed, look));

/** A minimal classifier: searches for each new picture, and remembers it if it is not found. */
function judge(mayLoop = false): (one: AnalysedFrame, before?: StillBefore, moved?: boolean) => EarlierAcquisition | null {
  const earlier = new EarlierAcquisitions(() => plainArithmetic, mayLoop);
  return (one, before = null, moved = false) => {
    const found = earlier.find({ shown: one, before }, moved);
    if (!found) earlier.remember(one, before);
    return found;
  };
}
const seeds = [1, 2, 3, 4];
function afterRun(mayLoop = false, before: StillBefore = 'nothing'): ReturnType<typeof judge> {
  const see = judge(mayLoop);
  for (const seed of seeds) expect(see(exposed(100 * seed, { seed }), seed === 1 ? before : null)).toBeNull();
  return see;
}
const idle = new Float32Array(4096).fill(20);
const clock = idle.map((level, i) => (i === 4000 ? 60 : level));

/** The picture of an exposure shifted right by `x` and down by `y`, with grey where nothing moves in. */
function moved(pixels: Uint8Array, x: number, y: number): Uint8Array {
  const other = new Uint8Array(SIZE * SIZE).fill(128);
  for (let row = Math.max(0, y); row < Math.min(SIZE, SIZE + y); row++)
    for (let column = Math.max(0, x); column < Math.min(SIZE, SIZE + x); column++)
      other[row * SIZE + column] = pixels[(row - y) * SIZE + column - x] as number;
  return other;
}
/** Noise over a body that darkens to one side, with an edge in it. */
const body = (seed: number): Uint8Array => {
  const field = noise(seed);
  return toPixels(Float32Array.from(field, (value, i) => 90 + (i % SIZE) / 4 + (i >> 8 > 140 ? 30 : 0) + 4 * value));
};

describe('acquisitions seen before', () => {
  it('are recognised, the latest one too', () => {
    const see = afterRun();
    expect(see(exposed(2000, { seed: 2 }))).toEqual({ capturedAt: 200, latest: false });
    expect(see(exposed(2100, { seed: 4 }))).toEqual({ capturedAt: 400, latest: true });
  });

  it('are recognised through another encoder, and in another window', () => {
    const see = afterRun();
    expect(see(exposed(2000, { seed: 2, codec: { seed: 50, sigma: 1.5 } }))).toMatchObject({ capturedAt: 200 });
    expect(see(exposed(2100, { seed: 3, level: 100, sigma: 6 }))).toMatchObject({ capturedAt: 300 });
  });

  it('are not found in new exposures, however many there were', () => {
    const see = judge();
    for (let i = 0; i < 60; i++) expect(see(exposed(100 * i, { seed: 100 + i, contrast: i }))).toBeNull();
  });

  it('are not recognised by pictures without noise', () => {
    const see = judge();
    for (const at of [0, 100, 200]) expect(see(shown(at, new Uint8Array(SIZE * SIZE).fill(90)))).toBeNull();
  });

  it('are not compared in another image area', () => {
    const see = afterRun();
    const { frame, averages } = exposed(2000, { seed: 2 });
    const imageArea = { x: 1, y: 0, width: 255, height: 256 };
    expect(see({ frame: { ...frame, imageArea }, averages, blank: false })).toBeNull();
  });

  it.each([
    [3, 0],
    [-21, 14],
    [40, -55],
  ])('are recognised when moved by %i and %i pixels, where moves are allowed', (x, y) => {
    const see = judge();
    for (const seed of seeds) see(shown(100 * seed, body(seed)));
    const picture = shown(2000, moved(body(4), x, y));
    expect(see(picture, idle, true)).toEqual({ capturedAt: 400, latest: false });
    expect(see(shown(2100, moved(body(7), x, y)), null, true)).toBeNull();
  });
});

describe('one recording fed again and again', () => {
  it('is no replay where a run begins as it did before', () => {
    const see = afterRun(true, idle);
    expect(see(exposed(2100, { seed: 1 }), idle)).toBeNull();
    for (const seed of [2, 3, 4]) expect(see(exposed(2000 + 100 * seed, { seed }))).toBeNull();
    expect(see(exposed(4000, { seed: 2 }), clock)).toMatchObject({ capturedAt: 2200 });
  });

  it('is one where the clock has gone on, or images follow others', () => {
    const see = afterRun(true, idle);
    for (const before of [clock, null]) expect(see(exposed(2100, { seed: 1 }), before)).toMatchObject({ capturedAt: 100 });
    expect(see(exposed(2300, { seed: 1 }), idle)).toMatchObject({ capturedAt: 100 });
  });

  it('is no replay after the connection was gone', () => {
    expect(afterRun(true, idle)(exposed(2000, { seed: 3 }), 'nothing')).toBeNull();
  });

  it('goes on with the run that it was joined in', () => {
    const see = afterRun(true, 'nothing');
    expect(see(exposed(2000, { seed: 30 }), idle)).toBeNull();
    for (const seed of seeds) expect(see(exposed(2000 + 100 * seed, { seed }))).toBeNull();
    expect(see(exposed(4000, { seed: 30 }), clock)).toMatchObject({ capturedAt: 2000 });
  });

  it('is no replay where it has neither pause nor monitor', () => {
    const see = afterRun(true, 'nothing');
    for (const from of [500, 1000, 1500]) for (const seed of seeds) expect(see(exposed(from + 100 * seed, { seed }))).toBeNull();
  });

  it('goes on where it was joined in, each time, without a pause', () => {
    const see = judge(true);
    const order = [3, 4, ...[1, 2, 3, 4], ...[1, 2, 3, 4], ...[1, 2, 3, 4]];
    for (const [i, seed] of order.entries()) expect(see(exposed(100 * i, { seed }), i === 0 ? 'nothing' : null)).toBeNull();
  });

  it('is no replay where its first image was missed', () => {
    const see = judge(true);
    for (const [i, seed] of [2, 3, 4, 5, 6].entries()) see(exposed(100 * i, { seed }), i === 0 ? idle : null);
    expect(see(exposed(2000, { seed: 1 }), clock)).toBeNull();
    for (const [i, seed] of [2, 3, 4, 5, 6].entries()) expect(see(exposed(2100 + 100 * i, { seed }))).toBeNull();
  });

  it('is a replay in a recording that is read once', () => {
    expect(afterRun(false, idle)(exposed(2100, { seed: 1 }), idle)).toMatchObject({ capturedAt: 100 });
  });
});

describe('the latest acquisition, redrawn', () => {
  /** An encoder short of bits: noise of its own, as strong as that of the exposure. */
  const coarse = (seed: number, of: number): AnalysedFrame => exposed(2000, { seed: of, codec: { seed, sigma: 4 } });

  it('has more of its noise than of that of others', () => {
    const earlier = new EarlierAcquisitions(() => plainArithmetic, false);
    for (const seed of [1, 2, 3, 4, 5]) earlier.remember(exposed(100 * seed, { seed }), seed === 1 ? 'nothing' : null);
    expect(earlier.shareOfLatest(coarse(70, 5))).toBeGreaterThan(0.3);
    expect(earlier.shareOfLatest(coarse(70, 4))).toBeLessThan(0);
    expect(earlier.shareOfLatest(exposed(2000, { seed: 6 }))).toBeCloseTo(0, 1);
    expect(earlier.shareOfLatest(shown(2000, new Uint8Array(SIZE * SIZE).fill(90)))).toBeNull();
  });

  it('counts as a new one where there are few to compare with', () => {
    const earlier = new EarlierAcquisitions(() => plainArithmetic, false);
    for (const seed of [1, 2, 3]) earlier.remember(exposed(100 * seed, { seed }), seed === 1 ? 'nothing' : null);
    expect(earlier.shareOfLatest(coarse(70, 3))).toBeNull();
  });
});
