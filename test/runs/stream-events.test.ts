import { filter, map, type OperatorFunction, pipe } from 'rxjs';
import type { FateEvent, GeometryEvent, PipelineEvent } from '../../src/event';
import type { FrameOrRun } from '../../src/runs/run';
import { frameEvents } from '../../src/runs/stream-events';
import { acquisitionAt, blankAt, frameAt, lostAt, repeatedAt, uniqueAt, WHOLE } from '../support/frames';
import { expectTwice, marbles } from '../support/marbles';

const seen: Readonly<Record<string, FrameOrRun>> = {
  ...{ c: { kind: 'connecting', at: 0, attempt: 1 }, C: { kind: 'connected', at: 1, width: 256, height: 256, codec: 'h264' } },
  ...{ u: uniqueAt(10), r: repeatedAt(20), b: blankAt(30), l: lostAt(50), e: { kind: 'ended', at: 60 } },
  S: { kind: 'lone', at: 40, acquisition: acquisitionAt(10) },
  d: { kind: 'dropped', at: 45, reason: 'backlog', count: 7 },
  s: { kind: 'stalled', at: 48 },
};

/** Of what a stream's frames come to, one kind alone. */
const only = <K extends PipelineEvent['kind']>(...kinds: K[]): OperatorFunction<FrameOrRun, Extract<PipelineEvent, { kind: K }>> =>
  pipe(
    frameEvents('test'),
    filter((event: PipelineEvent): event is Extract<PipelineEvent, { kind: K }> => kinds.some((kind) => kind === event.kind)),
  );

describe('fates', () => {
  const told = map(({ stream, at, fate, count }: FateEvent) => `${stream} ${at}: ${count} ${fate}`);
  const values = {
    ...{ r: 'test 20: 1 repeated', b: 'test 30: 1 dropped_blank' },
    ...{ i: 'test 40: 1 dropped_idle', d: 'test 45: 7 dropped_backlog' },
  };

  it(
    'gives the fate of every frame that belongs to no run, and leaves the others to their run',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('                          -c-C-u-r-b-S-d-s-l-e-|', seen);
      expectObservable(source.pipe(only('fate'), told)).toBe('-------r-b-i-d-------|', values);
      expectSubscriptions(source.subscriptions).toBe('                     ^--------------------!');
    }),
  );

  it(
    'emits nothing for no input, passes errors on, and unsubscribes with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<FrameOrRun>('---|').pipe(only('fate'))).toBe('---|');
      expectObservable(cold('r-#', seen).pipe(only('fate'), told)).toBe('r-#', values);
      const source = cold('r-b-r-|', seen);
      expectObservable(source.pipe(only('fate'), told), '^--!').toBe('r-b', values);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => expectTwice(helpers, helpers.cold('r-b-S|', seen).pipe(only('fate'), told), 'r-b-i|', values)),
  );
});

describe('pictures that stood alone, and lost connections', () => {
  const values = {
    f: { kind: 'frame', stream: 'test', at: 40, run: null, frame: null, acquisition: acquisitionAt(10) },
    l: { kind: 'reconnect', stream: 'test', at: 50, reason: 'ended' },
  } as const;

  it(
    'shows pictures that stood alone and counts lost connections, nothing else',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('                      -c-C-u-r-b-S-d-s-l-e-|', seen);
      expectObservable(source.pipe(only('frame', 'reconnect'))).toBe('-----------f-----l---|', values);
      expectSubscriptions(source.subscriptions).toBe('   ^--------------------!');
    }),
  );

  it(
    'emits nothing for no input, passes errors on, and unsubscribes with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<FrameOrRun>('---|').pipe(only('frame', 'reconnect'))).toBe('---|');
      expectObservable(cold('l-#', seen).pipe(only('frame', 'reconnect'))).toBe('l-#', values);
      const source = cold('l-S-l-|', seen);
      expectObservable(source.pipe(only('frame', 'reconnect')), '^--!').toBe('l-f', values);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => expectTwice(helpers, helpers.cold('S-l|', seen).pipe(only('frame', 'reconnect')), 'f-l|', values)),
  );
});

describe('geometry', () => {
  const told = map(({ at, width, height, imageArea }: GeometryEvent) => `${at}: ${width}x${height}, ${Object.values(imageArea).join(' ')}`);
  const area = { ...WHOLE, x: 5 };
  const small: Readonly<Record<string, FrameOrRun>> = {
    ...seen,
    R: { kind: 'repeated', frame: frameAt(70, { imageArea: { ...WHOLE } }), alive: false },
    A: { kind: 'blank', frame: frameAt(80, { imageArea: area }) },
    W: uniqueAt(90, { width: 300, imageArea: area }),
  };
  const values = { u: '10: 256x256, 0 0 256 256', a: '80: 256x256, 5 0 256 256', w: '90: 300x256, 5 0 256 256' };

  it(
    'emits size and image area once, and again when either changes',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('                              -c-C-u-r-R-b-A-l-A-W-W|', small);
      expectObservable(source.pipe(only('picture'), told)).toBe('-----u-------a-----w--|', values);
      expectSubscriptions(source.subscriptions).toBe('           ^---------------------!');
    }),
  );

  it(
    'emits nothing for no input, passes errors on, and unsubscribes with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<FrameOrRun>('---|').pipe(only('picture'))).toBe('---|');
      expectObservable(cold('c-u-#', small).pipe(only('picture'), told)).toBe('--u-#', values);
      const source = cold('u-A-W-|', small);
      expectObservable(source.pipe(only('picture'), told), '^--!').toBe('u-a', values);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => expectTwice(helpers, helpers.cold('u-A|', small).pipe(only('picture'), told), 'u-a|', values)),
  );
});
