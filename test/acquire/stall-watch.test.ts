import { TestScheduler } from 'rxjs/testing';
import type { ConnectionEvent } from '../../src/acquire/connection/connection';
import { CHECK_MS, stallWatch } from '../../src/acquire/connection/stall-watch';

const patience = { beforeOpenMs: 12_000, unknownRateMs: 10_000, noticeMs: 1000, giveUpMs: 2000 };
const opened: ConnectionEvent = { kind: 'opened', announcedRateHz: null };
const image = (at: number, seconds: number | null = null): ConnectionEvent => ({
  kind: 'image',
  image: { width: 1, height: 1, pixels: new Uint8Array(1), seconds, damaged: false, at, behindMs: 0 },
});

/** When a connection whose images come at these times, and then stop, is reported, and when it is given up. */
function silenceAfter(
  images: readonly number[],
  given = patience,
  before: readonly ConnectionEvent[] = [opened],
): readonly (readonly [string, number])[] {
  const told: [string, number][] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ hot }) => {
    const last = images.at(-1) ?? 0;
    const subject = hot<ConnectionEvent>('-');
    // The times are only as precise as the checks.
    const note = (what: string) => told.push([what, Math.floor((scheduler.now() - last) / CHECK_MS) * CHECK_MS]);
    const watched = subject.pipe(stallWatch(given, () => note('given up'), scheduler));
    watched.subscribe((event) => event.kind === 'stalled' && note('stalled'));
    before.forEach((event) => scheduler.schedule(() => subject.next(event), 0));
    images.forEach((at) => scheduler.schedule(() => subject.next(image(at)), at));
  });
  return told;
}

const every = (ms: number, count: number) => Array.from({ length: count }, (_, i) => ms * (i + 1));

it('reports after a second and gives up after two, where pictures came fast', () => {
  expect(silenceAfter(every(40, 50))).toEqual([
    ['stalled', 1000],
    ['given up', 2000],
  ]);
});

it('has patience with a slow source: two intervals, and six', () => {
  expect(silenceAfter(every(2000, 5))).toEqual([
    ['stalled', 4000],
    ['given up', 12_000],
  ]);
});

it('waits long while the rate is unknown', () => {
  expect(silenceAfter([500])).toEqual([
    ['stalled', 5000],
    ['given up', 10_000],
  ]);
});

it('gives up a source that never opens, or waits for ever where an encoder may come any time', () => {
  expect(silenceAfter([], patience, [])).toEqual([['given up', 12_000]]);
});

it('takes pictures that were read ahead by their own times', () => {
  const told: string[] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ hot }) => {
    const subject = hot<ConnectionEvent>('-');
    subject.pipe(stallWatch(patience, () => told.push(`given up at ${scheduler.now()}`), scheduler)).subscribe();
    [0, 2, 4, 6].forEach((seconds) => scheduler.schedule(() => subject.next(image(10, seconds)), 10));
  });
  expect(told).toEqual(['given up at 12100']);
});

it('is not blinded by the times of a source that jump', () => {
  const told: string[] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ hot }) => {
    const subject = hot<ConnectionEvent>('-');
    subject.pipe(stallWatch(patience, () => told.push(`given up at ${scheduler.now()}`), scheduler)).subscribe();
    [0, 0.04, 0.08, 3600].forEach((seconds, i) => scheduler.schedule(() => subject.next(image(40 * i, seconds)), 40 * i));
  });
  expect(told).toEqual(['given up at 2200']);
});

it('reports a stall once, and again only after pictures have come', () => {
  const told = silenceAfter([...every(40, 20), 2300, 2340]);
  expect(told.map(([what]) => what)).toEqual(['stalled', 'stalled', 'given up']);
});

/**
 * The events of a connection whose images come at these times, from an ffmpeg that logs until `spokenMs` and has
 * nothing due until `dueMs`: kinds, without repetitions, and times.
 */
function toldOf(
  images: readonly number[],
  { spokenMs = 0, dueMs = 0 },
  given = patience,
  before: readonly ConnectionEvent[] = [opened],
): string[] {
  const told: string[] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ hot }) => {
    const subject = hot<ConnectionEvent>('-');
    const note = (what: string): void => void (told.at(-1)?.endsWith(what) || told.push(`${scheduler.now()} ${what}`));
    const signs = { heard: () => scheduler.now() <= spokenMs, waits: () => scheduler.now() < dueMs };
    subject.pipe(stallWatch(given, () => note('given up'), scheduler, signs)).subscribe((event) => {
      if (event.kind === 'stalled') note(event.packets ? 'no key picture' : 'stalled');
      else if (event.kind === 'silent') note(event.waits ? 'waits' : 'silent');
      else if (event.kind === 'image') note('image');
    });
    before.forEach((event) => scheduler.schedule(() => subject.next(event), 0));
    images.forEach((at) => scheduler.schedule(() => subject.next(image(at)), at));
  });
  return told;
}

it('takes packets for no silence: a camera may send a key picture in 25 seconds', () => {
  expect(toldOf([25_000], { spokenMs: 25_000 })).toEqual([
    '5100 no key picture',
    '5200 silent',
    '25000 image',
    '30000 stalled',
    '30100 silent',
    '35000 given up',
  ]);
  // Without parameter sets in its description, it is not even opened before.
  expect(toldOf([25_000], { spokenMs: 25_000 }, patience, []).slice(0, 3)).toEqual(['5000 no key picture', '5100 silent', '25000 image']);
});

it('notices a peer that sends no packets as soon as ever, and tries another connection when packets show nothing for minutes', () => {
  expect(toldOf(every(40, 50), { spokenMs: 2000 }).slice(-3)).toEqual(['3000 stalled', '3100 silent', '4000 given up']);
  expect(toldOf(every(40, 50), { spokenMs: 9000 }).slice(-3)).toEqual(['3000 stalled', '3100 silent', '11000 given up']);
  expect(toldOf([], { spokenMs: 9000 }, patience, []).slice(-1)).toEqual(['21000 given up']);
  expect(toldOf([], { spokenMs: Infinity }).slice(-1)).toEqual(['300100 given up']);
});

it('leaves an encoder that pushes its time from when it comes', () => {
  const listening = { ...patience, beforeOpenMs: null };
  const told: string[] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ hot }) => {
    const signs = { heard: () => scheduler.now() > 60_000 && scheduler.now() < 70_000, waits: () => false };
    const subscription = hot<ConnectionEvent>('-')
      .pipe(stallWatch(listening, () => undefined, scheduler, signs))
      .subscribe(({ kind }) => told.push(`${scheduler.now()} ${kind}`));
    scheduler.schedule(() => subscription.unsubscribe(), 66_000);
  });
  expect(told[0]).toBe('65100 stalled');
});

it('takes a recording that waits for neither stalled nor over, however long, and notices one that then does not go on', () => {
  const [images, dueMs] = [every(100, 20), 200_000];
  expect(toldOf(images, { dueMs }).slice(-4)).toEqual(['3000 waits', '201000 stalled', '201100 silent', '202000 given up']);
  expect(toldOf([...images, ...images.map((at) => at + 30_000)], { dueMs: 60_000 }).slice(0, 4)).toEqual([
    '100 image',
    '3000 waits',
    '30100 image',
    '33000 waits',
  ]);
});

it('stops watching on unsubscribing, and ends with the connection', () => {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  let givenUp = 0;
  scheduler.run(({ cold, expectObservable }) => {
    const events = cold<ConnectionEvent>('o 20s -', { o: opened });
    expectObservable(events.pipe(stallWatch(patience, () => (givenUp += 1), scheduler)), '^ 900ms !').toBe('o', { o: opened });
    expectObservable(cold<ConnectionEvent>('o-|', { o: opened }).pipe(stallWatch(patience, () => (givenUp += 1), scheduler))).toBe('o-|', {
      o: opened,
    });
  });
  expect(givenUp).toBe(0);
});
