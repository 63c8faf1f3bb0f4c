import { Subject } from 'rxjs';
import type { ConnectionEvent } from '../../src/acquire/connection/connection';
import { lateness } from '../../src/acquire/connection/lateness';
import { type Bottleneck, shedLoad } from '../../src/acquire/connection/shed-load';

const INTERVAL_MS = 1000 / 60;
/** Time to read a picture from the pipe, analysed or not. */
const READING_MS = 1;

const none = (_second: number): number => 0;

interface Feed {
  readonly shown?: number;
  readonly lookMs?: (second: number) => number;
  readonly network?: (second: number) => number;
  readonly busy?: Bottleneck | null;
}
interface Watched {
  /** The share of acquisitions with at least one analysed picture. */
  readonly recall: number;
  readonly skipped: number;
  /** The worst delay of the stream once it has settled. */
  readonly behindMs: number;
  readonly said: readonly string[];
}

/**
 * Runs a feed at 60 Hz, with a new acquisition every `shown` pictures, on a thread that takes `lookMs` to analyse one;
 * `network`: the delay of the pictures of each second.
 */
function watch(seconds: number, { shown = 10, lookMs = none, network = none, busy = 'analysis' }: Feed = {}): Watched {
  const events = new Subject<ConnectionEvent>();
  const looked = new Set<number>();
  const said: string[] = [];
  let [now, skipped, behindMs, n] = [0, 0, 0, 0];
  events
    .pipe(
      lateness(),
      shedLoad(() => busy),
    )
    .subscribe((event) => {
      if (event.kind === 'image') {
        looked.add(Math.floor(n / shown));
        now += lookMs(n / 60);
      } else if (event.kind === 'skipped') skipped++;
      else said.push(`${Math.round(n / 60)} s ${event.kind}`);
    });
  for (; n < 60 * seconds; n++) {
    const due = n * INTERVAL_MS;
    now = Math.max(now, due + network(n / 60)) + READING_MS;
    if (n > 180) behindMs = Math.max(behindMs, now - due);
    events.next({
      kind: 'image',
      image: { width: 1, height: 1, pixels: new Uint8Array(1), seconds: n / 60, damaged: false, at: now, behindMs: 0 },
    });
  }
  const acquisitions = Math.floor((60 * seconds) / shown);
  return { recall: [...looked].filter((acquisition) => acquisition < acquisitions).length / acquisitions, skipped, behindMs, said };
}

describe('on a machine that cannot look at every picture', () => {
  it('looks at all of them as long as it can', () => {
    expect(watch(60, { lookMs: () => INTERVAL_MS - READING_MS - 1 })).toMatchObject({ recall: 1, skipped: 0, said: [] });
  });

  it.each([1.2, 2, 3, 5])('misses no acquisition and stays within 300 ms at %s times what it can carry', (load) => {
    const { recall, behindMs, skipped, said } = watch(60, { lookMs: () => load * INTERVAL_MS - READING_MS });
    expect(recall).toBeGreaterThanOrEqual(0.99);
    expect(behindMs).toBeLessThan(300);
    expect(skipped / 3600).toBeLessThanOrEqual(1 - 1 / 6);
    expect(said[0]).toMatch(/^[01] s overloaded$/);
  });

  it('misses acquisitions once analysis takes longer than they are shown, stays within half a second, and reports the overload throughout', () => {
    const { recall, behindMs, said } = watch(60, { lookMs: () => 12 * INTERVAL_MS });
    expect(recall).toBeGreaterThan(0.3);
    expect(recall).toBeLessThan(0.99);
    expect(behindMs).toBeLessThan(500);
    expect(said).toEqual(['0 s overloaded']);
  });

  it('looks no less often than acquisitions come where decoding is what takes too long', () => {
    const { recall, skipped } = watch(60, { busy: 'machine', network: (second) => 20 * second });
    expect(recall).toBeGreaterThanOrEqual(0.99);
    expect(skipped).toBeGreaterThan(2400);
  });

  it('looks at every picture again soon after the load is gone', () => {
    const { said, recall } = watch(60, { lookMs: (second) => (second < 20 ? 3 * INTERVAL_MS : 5) });
    expect(recall).toBeGreaterThanOrEqual(0.99);
    expect(said[0]).toMatch(/overloaded/);
    expect(said.at(-1)).toMatch(/^2[2-9] s relieved$/);
  });
});

it('looks at every picture that the network holds up, when it comes', () => {
  const held = (second: number): number => (second > 5 && second < 5.4 ? 1000 * (5.4 - second) : second > 10 ? 150 : 0);
  expect(watch(20, { network: held, busy: null })).toMatchObject({ recall: 1, skipped: 0, said: [] });
});

it('leaves nothing out of a feed that shows a picture only now and then', () => {
  const events = new Subject<ConnectionEvent>();
  let looked = 0;
  events.pipe(shedLoad(() => 'machine')).subscribe(({ kind }) => void (kind === 'image' && looked++));
  for (let n = 0; n < 40; n++)
    events.next({
      kind: 'image',
      image: { width: 1, height: 1, pixels: new Uint8Array(1), seconds: n / 10, damaged: false, at: 100 * n, behindMs: 400 },
    });
  expect(looked).toBe(40);
});

it('reports overload when there was no room for a picture', () => {
  const events = new Subject<ConnectionEvent>();
  const said: string[] = [];
  events.pipe(shedLoad(() => null)).subscribe(({ kind }) => said.push(kind));
  events.next({ kind: 'skipped', image: { width: 1, height: 1, seconds: 0, damaged: false, at: 0, behindMs: 0 } });
  expect(said).toEqual(['overloaded', 'skipped']);
});

it('shares nothing between two subscribers, and passes errors and the end on', () => {
  const events = new Subject<ConnectionEvent>();
  const shed = events.pipe(shedLoad(() => 'analysis'));
  const told: string[][] = [[], []];
  told.forEach((said) => shed.subscribe({ next: ({ kind }) => said.push(kind), error: (e: Error) => said.push(e.message) }));
  events.next({ kind: 'opened', announcedRateHz: null });
  events.error(new Error('gone'));
  expect(told).toEqual([
    ['opened', 'gone'],
    ['opened', 'gone'],
  ]);
});
