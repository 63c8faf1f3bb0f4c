import fc from 'fast-check';
import { from, map, type OperatorFunction } from 'rxjs';
import type { SceneChange } from '../../src/detect/key-frames';
import type { MaskEvent, PipelineEvent, StreamState } from '../../src/event';
import { invalidations } from '../../src/mask/invalidations';
import { acquisitionAt } from '../support/frames';
import { expectTwice, marbles } from '../support/marbles';

type Event = PipelineEvent | SceneChange;
const nothing = { width: 1, height: 1, runLengths: new Uint8Array(1), threshold: 0.5, lesions: [], liver: { areaPx: 0, contours: [] } };

const mask = (run: string, frame: number, at = 0): MaskEvent => ({
  ...{ kind: 'mask', stream: 'test', at, run, frame, status: 'stabilised', capturedAt: 100 * frame, mask: nothing },
  ...{ pixelSpacingMm: null, spacingVoid: null },
  ...{ imageArea: { x: 0, y: 0, width: 1, height: 1 }, paddedFrames: 0, model: { name: 'm', version: '1', sha256: '' }, provider: 'cpu' },
  timing: { capturedAt: 0, acquiredAt: 0, detectedAt: 0, inferenceStartedAt: 0, inferenceEndedAt: 0, anticipated: false },
  acquisition: acquisitionAt(100 * frame),
});
const started = (run: string, at = 0): Event => ({
  kind: 'run',
  stream: 'test',
  at,
  run,
  phase: 'started',
  acquisitions: 2,
  startedAt: at,
});
const ended = (run: string): Event => ({ kind: 'run', stream: 'test', at: 0, run, phase: 'ended', acquisitions: 9, startedAt: 0 });
const state = (now: StreamState, at = 0): Event => ({ kind: 'stream', stream: 'test', at, state: now, reason: '' });
const moved = (run: string, frame: number, at = 0): Event => ({ kind: 'scene-change', at, run, frame });

const told: OperatorFunction<PipelineEvent, string> = map((event) => {
  if (event.kind === 'mask') return `mask ${event.run}#${event.frame}`;
  if (event.kind === 'invalid') return `invalid ${event.run}#${event.frame}: ${event.reason}`;
  if (event.kind === 'run') return `${event.run} ${event.phase}`;
  return event.kind === 'stream' ? event.state : event.kind;
});
function toldOf(...events: readonly Event[]): string[] {
  const lines: string[] = [];
  from(events)
    .pipe(invalidations('test'), told)
    .subscribe((line) => lines.push(line));
  return lines;
}

describe('invalidations', () => {
  it('calls a mask superseded before the mask that supersedes it', () => {
    expect(toldOf(started('A'), mask('A', 4), mask('A', 6))).toEqual(['A started', 'mask A#4', 'invalid A#4: superseded', 'mask A#6']);
  });

  it('lets a mask of the same frame stand when it is published again, with another status', () => {
    expect(toldOf(started('A'), mask('A', 4), mask('A', 4))).toEqual(['A started', 'mask A#4', 'mask A#4']);
  });

  it('calls the mask of a run history before the next run is announced', () => {
    expect(toldOf(started('A'), mask('A', 4), ended('A'), started('B'))).toEqual([
      ...['A started', 'mask A#4', 'A ended', 'invalid A#4: new-run', 'B started'],
    ]);
  });

  it('lets the mask stand over the last image hold, when the run has ended', () => {
    expect(toldOf(started('A'), mask('A', 4), ended('A'), state('held'))).toEqual(['A started', 'mask A#4', 'A ended', 'held']);
  });

  it('publishes a mask that comes too late, and calls it history in the same breath', () => {
    expect(toldOf(started('A'), started('B'), mask('A', 9))).toEqual(['A started', 'B started', 'mask A#9', 'invalid A#9: new-run']);
  });

  it('leaves the new run’s mask alone when an old one comes late', () => {
    expect(toldOf(started('A'), started('B'), mask('B', 3), mask('A', 9), mask('B', 5)).slice(2)).toEqual([
      ...['mask B#3', 'mask A#9', 'invalid A#9: new-run', 'invalid B#3: superseded', 'mask B#5'],
    ]);
  });

  it('makes a mask history when the source is lost, before the loss is reported, and no mask is current until the next run', () => {
    expect(
      toldOf(started('A'), mask('A', 4), state('lost'), mask('A', 9), state('live'), mask('A', 9), started('B'), mask('B', 2)),
    ).toEqual([
      ...['A started', 'mask A#4', 'invalid A#4: source-lost', 'lost', 'mask A#9', 'invalid A#9: source-lost'],
      ...['live', 'mask A#9', 'invalid A#9: source-lost', 'B started', 'mask B#2'],
    ]);
  });

  it('calls a mask history when the scene changes, and later ones of frames before that too', () => {
    expect(toldOf(started('A'), mask('A', 4), moved('A', 7), mask('A', 5), mask('A', 8))).toEqual([
      ...['A started', 'mask A#4', 'invalid A#4: scene-change', 'mask A#5', 'invalid A#5: scene-change', 'mask A#8'],
    ]);
  });

  it('skips masks that were never shown', () => {
    expect(toldOf(started('A'), moved('A', 3), state('lost'), started('B'))).toEqual(['A started', 'lost', 'B started']);
  });

  it('emits each change once: what is history does not become history again', () => {
    expect(
      toldOf(started('A'), mask('A', 4), moved('A', 7), state('lost'), started('B')).filter((line) => line.startsWith('invalid')),
    ).toEqual(['invalid A#4: scene-change']);
  });

  it('lets no two masks be current, and none of another run, another scene or a lost source, whatever comes', () => {
    const event = fc.oneof(
      ...[fc.constantFrom('A', 'B', 'C').map((run) => started(run)), fc.constantFrom('A', 'B', 'C').map((run) => ended(run))],
      ...[fc.constantFrom<StreamState>('lost', 'live', 'held').map((now) => state(now))],
      fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.nat(9)).map(([run, frame]) => mask(run, frame)),
      fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.nat(9)).map(([run, frame]) => moved(run, frame)),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const current = new Set<string>();
        let masks = 0;
        const out: PipelineEvent[] = [];
        from(events)
          .pipe(invalidations('test'))
          .subscribe((one) => out.push(one));
        for (const [i, one] of out.entries()) {
          if (one.kind === 'mask') {
            masks++;
            current.add(`${one.run}#${one.frame}`);
            const next = out[i + 1];
            const late = next?.kind === 'invalid' && next.run === one.run && next.frame === one.frame;
            if (!late) expect([...current]).toEqual([`${one.run}#${one.frame}`]);
          }
          if (one.kind === 'invalid') current.delete(`${one.run}#${one.frame}`);
          if (one.kind === 'run' && one.phase === 'started') expect([...current]).toEqual([]);
          if (one.kind === 'stream' && one.state === 'lost') expect([...current]).toEqual([]);
        }
        expect(masks).toBe(events.filter(({ kind }) => kind === 'mask').length);
      }),
      { numRuns: 300 },
    );
  });

  const events = { R: started('A', 1), M: mask('A', 4, 2), N: mask('A', 6, 3), S: moved('A', 9, 4), l: state('lost', 5) };
  const values = { R: 'A started', M: 'mask A#4', i: 'invalid A#4: superseded', N: 'mask A#6', s: 'invalid A#6: scene-change', l: 'lost' };

  it(
    'emits at once, in the order of events',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<Event>('                            R-M-N---S-l-|', events);
      expectObservable(source.pipe(invalidations('test'), told)).toBe('R-M-(iN)s-l-|', values);
      expectSubscriptions(source.subscriptions).toBe('         ^-----------!');
    }),
  );

  it('takes its time from what made the mask history', () => {
    const dates: number[] = [];
    from(Object.values(events))
      .pipe(invalidations('test'))
      .subscribe((event) => {
        if (event.kind === 'invalid') dates.push(event.at);
      });
    expect(dates).toEqual([3, 4]);
  });

  it(
    'emits nothing for no input, passes errors on, and unsubscribes with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<Event>('---|').pipe(invalidations('test'))).toBe('---|');
      expectObservable(cold<Event>('R-#', events).pipe(invalidations('test'), told)).toBe('R-#', values);
      const source = cold<Event>('R-M-l-|', events);
      expectObservable(source.pipe(invalidations('test'), told), '^--!').toBe('R-M', values);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => {
      const source = helpers.cold<Event>('R-M-N---S|', events);
      expectTwice(helpers, source.pipe(invalidations('test'), told), 'R-M-(iN)s|', values);
    }),
  );
});
