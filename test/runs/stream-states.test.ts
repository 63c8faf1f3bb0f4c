import { EMPTY, from, map, of, Subject } from 'rxjs';
import type { StreamEvent } from '../../src/event';
import type { Run, RunEnd, FrameOrRun } from '../../src/runs/run';
import { streamStates } from '../../src/runs/stream-states';
import { acquisitionAt, blankAt, frameAt, lostAt, repeatedAt, uniqueAt, WHOLE } from '../support/frames';
import { expectTwice, marbles } from '../support/marbles';

const told = map(({ at, state, reason }: StreamEvent) => `${at} ${state}: ${reason}`);
const connecting = (at: number): FrameOrRun => ({ kind: 'connecting', at, attempt: 1 });
const connected = (at: number): FrameOrRun => ({ kind: 'connected', at, width: 256, height: 256, codec: 'h264' });
const stalled = (at: number): FrameOrRun => ({ kind: 'stalled', at });
const late = (at: number): FrameOrRun => ({ kind: 'late', at, behindMs: 1000 });
const punctual = (at: number): FrameOrRun => ({ kind: 'punctual', at });

const overloaded = (at: number): FrameOrRun => ({ kind: 'overloaded', at });
const relieved = (at: number): FrameOrRun => ({ kind: 'relieved', at });

/** A run begins; the function ends it. */
function run(knownAt: number): readonly [Run, () => void] {
  const end = new Subject<RunEnd>();
  const begun: Run = {
    ...{ kind: 'run', stream: 'test', id: 'run-1', startedAt: knownAt - 250, knownAt, opening: 2, acquisitions: new Subject() },
    end,
  };
  return [begun, () => end.next({ at: 0, reason: 'held', acquisitions: 2 })];
}
/** Functions are called in their turn. */
function toldOf(...seen: readonly (FrameOrRun | (() => void))[]): string[] {
  const lines: string[] = [];
  const events = new Subject<FrameOrRun>();
  events.pipe(streamStates('test'), told).subscribe((line) => lines.push(line));
  for (const one of seen) {
    if (typeof one === 'function') one();
    else events.next(one);
  }
  return lines;
}
const beats = (from: number, to: number, everyMs: number): FrameOrRun[] =>
  Array.from({ length: Math.floor((to - from) / 100) + 1 }, (_, i) => repeatedAt(from + 100 * i, (100 * i) % everyMs === 0));
const still = (from: number, to: number): FrameOrRun[] =>
  Array.from({ length: Math.floor((to - from) / 100) + 1 }, (_, i) => repeatedAt(from + 100 * i));

describe('streamStates', () => {
  it('reports a stream that connects, acquires, holds its last image and is over', () => {
    const [begun, ended] = run(500);
    const lines = toldOf(
      ...[connecting(0), connected(100), uniqueAt(250), uniqueAt(500), begun, repeatedAt(600), repeatedAt(2000)],
      ...[ended, repeatedAt(2100), repeatedAt(2200), { kind: 'ended', at: 2300 } as const],
    );
    expect(lines).toEqual([
      ...['0 connecting: connecting', '100 live: pictures arrive', '2100 held: last image hold', '2300 ended: recording over'],
    ]);
  });

  it('reports why a source is lost in the words of the contract, and again where the reason changes', () => {
    const lost = (at: number, word: 'refused' | 'unauthorised' | undefined, message: string): FrameOrRun => ({
      ...{ kind: 'lost', at, reason: 'refused', message, word },
    });
    const lines: (readonly [string, string, string | undefined])[] = [];
    of(
      ...[connected(0), lost(10, undefined, 'it ended'), connecting(20), lost(30, 'refused', 'connection refused')],
      ...[connecting(40), lost(50, 'refused', 'no route'), connecting(60), lost(70, 'unauthorised', 'no'), connected(80)],
    )
      .pipe(streamStates('test'))
      .subscribe(({ state, reason, detail }) => lines.push([state, reason, detail]));
    expect(lines).toEqual([
      ['live', 'pictures arrive', undefined],
      ['lost', 'it ended', undefined],
      ['lost', 'refused', 'connection refused'],
      ['lost', 'unauthorised', 'no'],
      ['live', 'pictures arrive', undefined],
    ]);
    expect(toldOf({ kind: 'ended', at: 5, message: 'a.mp4: no such file', word: 'not found' })).toEqual(['5 ended: not found']);
    expect(toldOf({ kind: 'ended', at: 5, message: 'a.mp4: not a readable video' })).toEqual(['5 ended: a.mp4: not a readable video']);
  });

  it('emits each state once', () => {
    expect(toldOf(connecting(0), connecting(10), connected(20), connected(30), blankAt(40), blankAt(50))).toEqual([
      ...['0 connecting: connecting', '20 live: pictures arrive', '40 held: blank picture'],
    ]);
  });

  it('stays lost while a lost source is tried again', () => {
    expect(toldOf(connecting(0), connected(10), lostAt(20), connecting(30), lostAt(40), connecting(50), connected(60))).toEqual([
      ...['0 connecting: connecting', '10 live: pictures arrive', '20 lost: connection closed', '60 live: pictures arrive'],
    ]);
    expect(toldOf(connecting(0), lostAt(20), connecting(30))).toEqual(['0 connecting: connecting', '20 lost: connection closed']);
  });

  it('stays live in a run, however long the next acquisition takes, and when a picture is blank', () => {
    const [begun] = run(100);
    expect(toldOf(begun, repeatedAt(200), repeatedAt(5000), blankAt(5100))).toEqual(['100 live: acquiring']);
  });

  it('is frozen while no picture comes, and what it was when one does', () => {
    const [begun, ended] = run(100);
    expect(toldOf(begun, stalled(900), uniqueAt(1200))).toEqual([
      ...['100 live: acquiring', '900 frozen: no picture arrives', '1200 live: acquiring'],
    ]);
    expect(toldOf(begun, stalled(900), repeatedAt(1200), ended, stalled(2000), repeatedAt(3000))).toEqual([
      ...['100 live: acquiring', '900 frozen: no picture arrives', '1200 live: acquiring'],
      ...['2000 frozen: no picture arrives', '3000 held: last image hold'],
    ]);
  });

  it('reports why pictures that are nearly black show nothing', () => {
    const dim: FrameOrRun = { kind: 'dim', at: 300, bits: 16, used: 12 };
    const lines = toldOf(connected(0), blankAt(100), dim, blankAt(400), repeatedAt(500), lostAt(600), connected(700), blankAt(800));
    expect(lines.map((line) => line.replace(/(nearly black).*/, '$1'))).toEqual([
      ...['0 live: pictures arrive', '100 held: blank picture', '300 held: nearly black', '600 lost: connection closed'],
      ...['700 live: pictures arrive', '800 held: blank picture'],
    ]);
  });

  it('is held while a recording waits, live in a run, and frozen before the key picture of what arrives', () => {
    const silent = (at: number, waits: boolean): FrameOrRun => ({ kind: 'silent', at, waits });
    const [begun, ended] = run(100);
    expect(toldOf(begun, silent(900, true), ended, silent(1600, true), silent(1700, true), uniqueAt(9000))).toEqual([
      ...['100 live: acquiring', '1600 held: the recording pauses'],
    ]);
    expect(toldOf(connecting(0), { kind: 'stalled', at: 5000, packets: true }, silent(5100, false), connected(25_000))).toEqual([
      ...['0 connecting: connecting', '5000 frozen: no key picture yet', '25000 live: pictures arrive'],
    ]);
  });

  it('reports overload with what the next picture shows, and frozen only where pictures are late, too', () => {
    const [begun] = run(100);
    expect(toldOf(begun, overloaded(200), uniqueAt(300), uniqueAt(400), relieved(450), uniqueAt(500))).toEqual([
      ...['100 live: acquiring', '300 live: overloaded', '500 live: acquiring'],
    ]);
    const slow = [
      overloaded(200),
      repeatedAt(300),
      late(900),
      repeatedAt(1000),
      punctual(1500),
      repeatedAt(1600),
      relieved(1700),
      repeatedAt(1800),
    ];
    expect(toldOf(...slow)).toEqual([
      ...['300 held: overloaded', '900 frozen: overloaded', '1600 held: overloaded', '1800 held: last image hold'],
    ]);
    expect(toldOf(begun, overloaded(200), uniqueAt(300), lostAt(400), connecting(500), connected(600))).toEqual([
      ...['100 live: acquiring', '300 live: overloaded', '400 lost: connection closed', '600 live: pictures arrive'],
    ]);
  });

  it('is frozen while pictures arrive late, whatever they show, and what the next one shows once they are punctual or reconnected', () => {
    const [begun, ended] = run(100);
    expect(toldOf(begun, late(900), uniqueAt(1200), ended, repeatedAt(1300), blankAt(1400), punctual(1500), repeatedAt(1600))).toEqual([
      ...['100 live: acquiring', '900 frozen: pictures arrive late', '1600 held: last image hold'],
    ]);
    const [again] = run(100);
    expect(toldOf(again, late(900), lostAt(2000), connecting(2100), connected(2200))).toEqual([
      ...['100 live: acquiring', '900 frozen: pictures arrive late', '2000 lost: connection closed', '2200 live: pictures arrive'],
    ]);
  });

  it('reports why it is frozen, also when the reason changes', () => {
    const [begun] = run(100);
    expect(toldOf(begun, stalled(900), late(1200), uniqueAt(1200), repeatedAt(1300), stalled(2500), uniqueAt(2600))).toEqual([
      ...['100 live: acquiring', '900 frozen: no picture arrives', '1200 frozen: pictures arrive late'],
      ...['2500 frozen: no picture arrives', '2600 frozen: pictures arrive late'],
    ]);
  });

  it('is held under a running clock, frozen when the clock stands still, and held when it runs again', () => {
    const lines = toldOf(...beats(0, 6000, 1000), ...still(6100, 9500), repeatedAt(9600, true));
    expect(lines).toEqual(['0 held: last image hold', '9100 frozen: nothing on the monitor moves', '9600 held: last image hold']);
  });

  it('gives a slow clock more time', () => {
    const frozen = toldOf(...beats(0, 9000, 2000), ...still(9100, 14_000)).slice(1);
    expect(frozen).toEqual([]);
    expect(toldOf(...beats(0, 9000, 2000), ...still(9101, 14_101)).slice(1)).toHaveLength(1);
  });

  it('is held, not frozen, after a run in which no frame could show the clock', () => {
    const [begun, end] = run(10_000);
    const lines = toldOf(
      connected(0),
      ...beats(0, 9000, 1000),
      begun,
      ...[20, 30].map((s) => uniqueAt(1000 * s)),
      end,
      ...still(31_600, 33_000),
    );
    expect(lines.at(-1)).toBe('31600 held: last image hold');
  });

  it('is never frozen without a clock', () => {
    expect(toldOf(...still(0, 60_000))).toEqual(['0 held: last image hold']);
  });

  it('ignores as a clock what moved before a second plane was found', () => {
    const planes = [WHOLE, { ...WHOLE, x: 300 }];
    const area: FrameOrRun = { kind: 'area', at: 5000, found: { area: WHOLE, settled: true, planes, hint: null, still: false } };
    expect(toldOf(...beats(0, 5000, 200), area, ...still(5100, 20_000))).toEqual(['0 held: last image hold']);
    expect(toldOf(...beats(0, 5000, 200), area, ...beats(5100, 12_000, 1000), ...still(12_100, 20_000))).toHaveLength(2);
  });

  it('takes a picture that stood alone for no run', () => {
    const standing: FrameOrRun = { kind: 'lone', at: 3100, acquisition: acquisitionAt(0) };
    expect(toldOf(connected(0), uniqueAt(0), standing)).toEqual(['0 live: pictures arrive', '3100 held: no run']);
    const [begun] = run(2900);
    expect(toldOf(uniqueAt(0), begun, standing)).toEqual(['2900 live: acquiring']);
  });

  it('stays lost, or ended, when a picture that waited for company is given up with the source', () => {
    const standing: FrameOrRun = { kind: 'lone', at: 30, acquisition: acquisitionAt(20) };
    expect(toldOf(connected(10), uniqueAt(20), lostAt(30), standing, connecting(40))).toEqual([
      ...['10 live: pictures arrive', '30 lost: connection closed'],
    ]);
    expect(toldOf(connected(10), uniqueAt(20), { kind: 'ended', at: 30 }, standing).at(-1)).toBe('30 ended: recording over');
    expect(toldOf(lostAt(0), connected(10), uniqueAt(20), standing).at(-1)).toBe('30 held: no run');
  });

  it('ignores dropped frames, unless damage goes on', () => {
    const dropped = (at: number, reason: string): FrameOrRun => ({ kind: 'dropped', at, reason, count: 1 });
    expect(toldOf(dropped(5, 'incomplete'), dropped(5000, 'incomplete'))).toEqual([]);
    const [begun] = run(100);
    const damaged = (from: number, to: number): FrameOrRun[] => still(from, to).map((_, i) => dropped(from + 100 * i, 'damaged'));
    expect(toldOf(begun, repeatedAt(200), ...damaged(300, 800), repeatedAt(900))).toEqual(['100 live: acquiring']);
    expect(toldOf(begun, repeatedAt(200), ...damaged(300, 1200), uniqueAt(1300))).toEqual([
      ...['100 live: acquiring', '900 frozen: pictures arrive damaged', '1300 live: acquiring'],
    ]);
  });

  it('is held when a run goes black, within a second, and live when its pictures come again', () => {
    const [begun] = run(100);
    const black = [300, 500, 700, 900, 1100].map((at) => blankAt(at));
    expect(toldOf(begun, uniqueAt(200), ...black, uniqueAt(1200))).toEqual([
      ...['100 live: acquiring', '900 held: blank picture', '1200 live: acquiring'],
    ]);
  });

  it('emits states in order whatever comes, and never the same one twice in a row', () => {
    const all: FrameOrRun[] = [
      connecting(0),
      connected(1),
      ...beats(2, 9000, 700),
      stalled(9100),
      blankAt(9200),
      lostAt(9300),
      connected(9400),
    ];
    const states: string[] = [];
    from(all)
      .pipe(streamStates('test'))
      .subscribe(({ state }) => states.push(state));
    states.slice(1).forEach((state, i) => expect(state).not.toBe(states[i]));
  });

  it('reports that the monitor shows earlier images once more, of which run, and when that ends', () => {
    const replayed = (at: number, of: number, latest = false): FrameOrRun => ({
      kind: 'replayed',
      frame: frameAt(at),
      of: { capturedAt: of, latest },
    });
    const run = (id: string, at: number): FrameOrRun => ({
      ...{ kind: 'run', stream: 'test', id, startedAt: at, knownAt: at, opening: 2, acquisitions: EMPTY },
      end: of({ at: at + 50, reason: 'held' as const, acquisitions: 2 }),
    });
    const all: FrameOrRun[] = [connected(1), run('A', 100), run('B', 200), repeatedAt(1000), replayed(1100, 110), repeatedAt(1200)];
    const loop = [
      replayed(1300, 210),
      replayed(1400, 220, true),
      repeatedAt(1500),
      replayed(1600, 50),
      replayed(1700, 220, true),
      repeatedAt(3000),
    ];
    const lines: string[] = [];
    from([...all, ...loop, repeatedAt(3300), uniqueAt(3400)])
      .pipe(streamStates('test'))
      .subscribe(({ at, state, reason, replayedRun }) => lines.push(`${at} ${state}: ${reason} ${replayedRun ?? ''}`.trim()));
    expect(lines.slice(1)).toEqual([
      ...['1000 held: last image hold', '1100 held: replay A', '1300 held: replay B', '1600 held: replay'],
      '3300 held: last image hold',
    ]);
  });

  const seen = { c: connecting(0), C: connected(10), b: blankAt(20), l: lostAt(30) };
  const values = {
    ...{ c: '0 connecting: connecting', C: '10 live: pictures arrive' },
    ...{ b: '20 held: blank picture', l: '30 lost: connection closed' },
  };

  it(
    'emits nothing for no input, passes errors on, and unsubscribes with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<FrameOrRun>('---|').pipe(streamStates('test'))).toBe('---|');
      expectObservable(cold('c-C-#', seen).pipe(streamStates('test'), told)).toBe('c-C-#', values);
      const source = cold('c-C-b-l-|', seen);
      expectObservable(source.pipe(streamStates('test'), told), '^--!').toBe('c-C', values);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => expectTwice(helpers, helpers.cold('c-C-b-l|', seen).pipe(streamStates('test'), told), 'c-C-b-l|', values)),
  );
});
