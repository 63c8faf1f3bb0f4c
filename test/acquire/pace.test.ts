import { map } from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import type { ConnectionEvent } from '../../src/acquire/connection/connection';
import { Pace } from '../../src/acquire/connection/pace';

const image = (seconds: number | null, at = 0, loan?: { hold(): void; release(): void }): ConnectionEvent => ({
  kind: 'image',
  image: { width: 1, height: 1, pixels: new Uint8Array(1), seconds, damaged: false, at, behindMs: 0, ...(loan && { loan }) },
});
const opened: ConnectionEvent = { kind: 'opened', announcedRateHz: 100 };

function paced(test: (newPace: () => Pace, helpers: RunHelpers) => void): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  scheduler.run((helpers) => test(() => new Pace(() => scheduler.now(), scheduler), helpers));
}

it('shows each picture when it is due by its own time, however early it was read', () => {
  paced((newPace, { cold, expectObservable }) => {
    const read = cold('(abc|)', { a: image(7), b: image(10), c: image(12) });
    const shown = { a: image(7, 0), b: image(10, 3000), c: image(12, 5000) };
    expectObservable(read.pipe(newPace().keep())).toBe('a 2999ms b 1999ms (c|)', shown);
  });
});

it('waits through a gap of a minute, and reports it', () => {
  paced((newPace, { cold, expectObservable, flush }) => {
    const pace = newPace();
    const paused: boolean[] = [];
    pace.paused.subscribe((pause) => paused.push(pause));
    const read = cold('ab---|', { a: image(0), b: image(60) });
    expectObservable(read.pipe(pace.keep())).toBe('a 59999ms (b|)', { a: image(0, 0), b: image(60, 60_000) });
    expectObservable(cold('---x').pipe(map(() => pace.waits))).toBe('---w', { w: true });
    flush();
    expect(paused).toEqual([true, false]);
    expect(pace.waits).toBe(false);
  });
});

it('passes late pictures at once, starts over where time runs backwards, and paces by the rate where there is none', () => {
  paced((newPace, { cold, expectObservable }) => {
    const late = cold('a---b|', { a: image(0, 0), b: image(0.001953125, 4) });
    expectObservable(late.pipe(newPace().keep())).toBe('a---b|', { a: image(0, 0), b: image(0.001953125, 4) });
    const jumping = cold('(abc|)', { a: image(50), b: image(2), c: image(4) });
    expectObservable(jumping.pipe(newPace().keep())).toBe('(ab) 1996ms (c|)', { a: image(50), b: image(2), c: image(4, 2000) });
    const timeless = cold('(oab|)', { o: opened, a: image(null), b: image(null) });
    expectObservable(timeless.pipe(newPace().keep())).toBe('(oa) 6ms (b|)', { o: opened, a: image(null), b: image(null, 10) });
  });
});

it('passes an error on after what was read before it, and releases what waits on unsubscribing', () => {
  paced((newPace, { cold, expectObservable, flush }) => {
    expectObservable(cold('(ab#)', { a: image(0), b: image(8) }).pipe(newPace().keep())).toBe('a 7999ms (b#)', {
      a: image(0),
      b: image(8, 8000),
    });
    let held = 0;
    const loan = { hold: () => (held += 1), release: () => (held -= 1) };
    const other = newPace();
    expectObservable(cold('(ab)', { a: image(0), b: image(9, 0, loan) }).pipe(other.keep()), '^--!').toBe('a', { a: image(0) });
    flush();
    expect([held, other.waits]).toEqual([0, false]);
  });
});
