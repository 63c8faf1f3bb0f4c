import { from, map, toArray } from 'rxjs';
import type { RateEvent } from '../../src/event';
import { rates } from '../../src/runs/rates';
import type { FrameOrRun } from '../../src/runs/run';
import { blankAt, lostAt, repeatedAt, uniqueAt } from '../support/frames';
import { expectTwice, marbles } from '../support/marbles';

const hertz = (rate: number | null): string => (rate === null ? '?' : rate.toFixed(2));
const told = map(({ at, captureRateHz, acquisitionRateHz }: RateEvent) => `${at}: ${hertz(captureRateHz)}, ${hertz(acquisitionRateHz)}`);

/** A capture of so many frames a second, for a while; every so-manyth is a new acquisition. */
function captured(frames: number, everyMs: number, uniqueEvery: number, from = 0): FrameOrRun[] {
  return Array.from({ length: frames }, (_, i) => (i % uniqueEvery === 0 ? uniqueAt(from + i * everyMs) : repeatedAt(from + i * everyMs)));
}
function toldOf(seen: readonly FrameOrRun[]): string[] {
  let all: string[] = [];
  from(seen)
    .pipe(rates('test'), told, toArray())
    .subscribe((lines) => (all = lines));
  return all;
}

describe('rates', () => {
  it('emits captured frames and acquisitions a second, once a second', () => {
    expect(toldOf(captured(71, 50, 5))).toEqual(['0: ?, ?', '1000: 20.00, 4.00', '2000: 20.00, 4.00', '3000: 20.00, 4.00']);
  });

  it.each([
    [7.5, 25],
    [6, 15],
    [15, 25],
    [4, 25],
    [3.75, 30],
    [7.5, 60],
    [20, 30],
    [6, 50],
  ])('gives %d acquisitions a second exactly, shown on a grid of %d pictures a second', (acquisitions, pictures) => {
    // Each picture shows the latest acquisition.
    const seen = Array.from({ length: 10 * pictures }, (_, i) => {
      const [now, before] = [i, i - 1].map((at) => Math.floor((at * acquisitions) / pictures + 1e-9));
      return now === before ? repeatedAt((1000 * i) / pictures) : uniqueAt((1000 * i) / pictures);
    });
    const told = toldOf(seen)
      .slice(4)
      .map((line) => Number(line.split(', ')[1]));
    expect(told.length).toBeGreaterThan(4);
    for (const rate of told) expect(Math.abs(rate / acquisitions - 1)).toBeLessThan(0.035);
  });

  it('gives the rate of a run that follows another one, without the pause between them', () => {
    const second = captured(40, 50, 10, 9000);
    expect(toldOf([...captured(41, 50, 5), ...second]).at(-1)).toMatch(/, 2\.00$/);
  });

  it('has no acquisition rate before the third acquisition', () => {
    expect(toldOf([uniqueAt(0), repeatedAt(500), uniqueAt(1000), uniqueAt(2000)])).toEqual([
      '0: ?, ?',
      '1000: 2.00, ?',
      '2000: 1.50, 1.00',
    ]);
  });

  it('drops the acquisition rate some intervals after the last acquisition, while frames go on', () => {
    const run = captured(41, 50, 5);
    const hold = Array.from({ length: 60 }, (_, i) => repeatedAt(2050 + 50 * i));
    expect(toldOf([...run, ...hold])).toEqual([
      ...['0: ?, ?', '1000: 20.00, 4.00', '2000: 20.00, 4.00', '3000: 20.00, 4.00'],
      ...['4000: 20.00, ?', '5000: 20.00, ?'],
    ]);
  });

  it('counts blank pictures as captured', () => {
    expect(toldOf(Array.from({ length: 11 }, (_, i) => blankAt(100 * i)))).toEqual(['0: ?, ?', '1000: 10.00, ?']);
  });

  it.each([500, 1000, 2000, 2001, 2500, 5000])('gives the capture rate of a source with a frame every %i ms', (everyMs) => {
    const lines = toldOf(captured(12, everyMs, 1)).slice(2);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line).toMatch(new RegExp(`: ${(1000 / everyMs).toFixed(2)}, ${(1000 / everyMs).toFixed(2)}$`));
  });

  it('drops the rates when no picture comes, the connection is lost, or the recording is over', () => {
    const before = captured(31, 50, 5);
    for (const over of [{ kind: 'stalled', at: 1900 } as const, lostAt(1900), { kind: 'ended', at: 1900 } as const]) {
      expect(toldOf([...before, over])).toEqual(['0: ?, ?', '1000: 20.00, 4.00', '1900: ?, ?']);
    }
  });

  it('starts over after a lost connection', () => {
    const before = captured(21, 50, 5);
    const after = captured(21, 100, 5, 10_000);
    expect(toldOf([...before, lostAt(2000), ...after])).toEqual([
      ...['0: ?, ?', '1000: 20.00, 4.00'],
      ...['2000: ?, ?', '10000: ?, ?', '11000: 10.00, 2.00', '12000: 10.00, 2.00'],
    ]);
  });

  const seen = { a: uniqueAt(0), b: uniqueAt(1000), c: uniqueAt(2000), l: lostAt(5) };
  const values = { a: '0: ?, ?', b: '1000: 1.00, ?', c: '2000: 1.00, 1.00' };

  it(
    'emits nothing for no input, passes errors on, and unsubscribes with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<FrameOrRun>('---|').pipe(rates('test'))).toBe('---|');
      expectObservable(cold('a-b-#', seen).pipe(rates('test'), told)).toBe('a-b-#', values);
      const source = cold('a-b-c-|', seen);
      expectObservable(source.pipe(rates('test'), told), '^--!').toBe('a-b', values);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => expectTwice(helpers, helpers.cold('a-b-c|', seen).pipe(rates('test'), told), 'a-b-c|', values)),
  );
});
