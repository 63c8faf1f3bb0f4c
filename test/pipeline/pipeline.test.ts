import fc from 'fast-check';
import { map, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import type { SourceEvent } from '../../src/acquire/source';
import { uniqueAcquisitions } from '../../src/acquisitions/unique-acquisitions';
import type { AnticipationEvent, PipelineEvent } from '../../src/event';
import { type Segmenter, SegmentError } from '../../src/infer/segmenter';
import { pipeline, type StreamPorts } from '../../src/pipeline';
import { fakeSegmenter } from '../infer/fake-segmenter';
import { lent } from '../infer/lent';
import { scriptedSegmenter } from '../infer/scripted-segmenter';
import { fatesOf, played, type Played, sum, told } from './played';
import { SuiteScript } from './suite-script';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const outcomes = (events: readonly PipelineEvent[]): AnticipationEvent['outcome'][] =>
  events.flatMap((event) => (event.kind === 'anticipation' ? [event.outcome] : []));
const aboutRun = (events: readonly PipelineEvent[], run: string): PipelineEvent[] =>
  events.filter((event) => 'run' in event && event.run === run && event.kind !== 'invalid');
const morning = (stream: string, seed = 0): SuiteScript =>
  new SuiteScript(stream, seed).connects().run().holds(3000).run().loses().connects().run(9).holds(2500).ends();

let kept: Played | undefined;
/** What three runs and a lost connection give, played once for several tests. */
const theMorning = (): Played => (kept ??= played([morning('suite')], fakeSegmenter({ durationMs: 40 })));

describe('pipeline', () => {
  it('emits two runs, a lost connection and a short run in the order of events', () => {
    const { events, complete } = theMorning();
    expect(complete).toBe(true);
    const story = told(events);
    expect(story.filter((line) => !/^(improved|mask|invalid .*superseded)/.test(line)).map((line) => line.replace(/#\d+/, ''))).toEqual([
      // The first picture stands until the second makes a run of the two.
      ...['connecting', 'live', 'held', 'live', 'suite1 started', 'stabilised suite1', 'final suite1', 'suite1 ended', 'held'],
      ...['live', 'invalid suite1: new-run', 'suite2 started', 'stabilised suite2'],
      ...['invalid suite2: source-lost', 'lost', 'final suite2', 'invalid suite2: source-lost', 'suite2 ended'],
      ...['live', 'held', 'live', 'suite3 started', 'final suite3', 'suite3 ended', 'held', 'ended'],
    ]);
  });

  it('announces a run before anything else of it, and emits nothing but masks after its end', () => {
    const { events } = theMorning();
    for (const run of ['suite1', 'suite2', 'suite3']) {
      const about = aboutRun(events, run);
      expect(about[0]).toMatchObject({ kind: 'run', phase: 'started' });
      const end = about.findIndex((event) => event.kind === 'run' && event.phase === 'ended');
      expect(about[end]).toMatchObject({ acquisitions: run === 'suite3' ? 9 : 14 });
      expect(about.slice(end + 1).every(({ kind }) => kind === 'mask')).toBe(true);
      const finalAt = about.findIndex((event) => event.kind === 'keyframe' && event.status === 'final');
      const lastStability = about.map(({ kind }) => kind).lastIndexOf('stability');
      expect(finalAt).toBeGreaterThan(lastStability);
      expect(finalAt).toBeLessThan(end);
    }
  });

  it('shows every acquisition once, and its stability once', () => {
    const { events } = theMorning();
    const frames = events.flatMap((event) => (event.kind === 'frame' ? [`${event.run}#${event.frame}`] : []));
    const stabilities = events.flatMap((event) => (event.kind === 'stability' ? [`${event.run}#${event.frame}`] : []));
    expect(new Set(frames).size).toBe(frames.length);
    expect(frames).toHaveLength(14 + 14 + 9);
    expect(stabilities).toEqual(frames);
  });

  it('computes no mask ahead of its key frame while the machine is overloaded, and the same masks', () => {
    const both = (script: SuiteScript): { masks: readonly string[]; outcomes: readonly string[] } => {
      const { events } = played([script.run().holds(3000).ends()], fakeSegmenter({ durationMs: 40 }));
      return { masks: told(events).filter((line) => line.startsWith('mask')), outcomes: outcomes(events) };
    };
    const quiet = both(new SuiteScript('suite').connects());
    const busy = both(new SuiteScript('suite').connects().has('overloaded'));
    expect(quiet.outcomes).toContain('hit');
    expect(busy).toEqual({ masks: quiet.masks, outcomes: [] });
    expect(both(new SuiteScript('suite').connects().has('overloaded').has('relieved'))).toEqual(quiet);
    expect(both(new SuiteScript('suite').connects().has('overloaded').loses().connects())).toEqual(quiet);
  });

  it('calls a mask superseded just before the mask that supersedes it', () => {
    const { events } = theMorning();
    const story = told(events);
    let current: string | null = null;
    story.forEach((line, i) => {
      const [word, name = ''] = line.split(/[ :]+/);
      if (word === 'mask') {
        const late = story[i + 1]?.startsWith(`invalid ${name}:`) === true && !story[i + 1]?.endsWith('superseded');
        if (late) return;
        if (current !== null && current !== name) expect(story[i - 1]).toBe(`invalid ${current}: superseded`);
        current = name;
      }
      if (word === 'invalid' && name === current && !line.endsWith('superseded')) current = null;
    });
    expect(story.some((line) => line.startsWith('mask'))).toBe(true);
  });

  it('publishes a mask that comes too late, and calls it history at once', () => {
    const script = new SuiteScript('suite').connects().run().holds(2000).run(5).holds(6000).ends();
    const { events } = played([script], fakeSegmenter({ durationMs: 4000 }));
    const story = told(events);
    const second = story.indexOf('suite2 started');
    const late = story.findIndex((line, i) => i > second && line.startsWith('mask suite1#'));
    expect(late).toBeGreaterThan(second);
    expect(story[late + 1]).toMatch(/^invalid suite1#\d+: new-run$/);
  });

  it('has its masks ready when the model is quick, and reports when it is not', () => {
    const script = (): SuiteScript => new SuiteScript('suite').connects().run(11).holds(2000).ends();
    const quick = played([script()], fakeSegmenter({ durationMs: 20 })).events;
    const stabilised = quick.find((event) => event.kind === 'mask');
    expect(stabilised).toMatchObject({ status: 'stabilised', timing: { anticipated: true } });
    expect(outcomes(quick)[0]).toBe('hit');
    const inferences = quick.filter((event) => event.kind === 'stage' && event.stage === 'infer').length;
    const unexpected = new Set(quick.flatMap((event) => (event.kind === 'mask' && !event.timing.anticipated ? [event.frame] : [])));
    expect(outcomes(quick)).toHaveLength(inferences - unexpected.size);

    const slow = played([script()], fakeSegmenter({ durationMs: 700 })).events;
    expect(outcomes(slow)).not.toContain('hit');
    expect(slow.some((event) => event.kind === 'mask')).toBe(true);
  });

  it('counts every captured frame once: shown in a run, repeated, blank, idle or dropped', () => {
    const script = new SuiteScript('suite');
    script.connects().acquires().holds(4000).run(6).glitches().holds(2500).goesBlack().drops(5).run(3).loses().connects().holds(300).ends();
    const { events } = played([script], fakeSegmenter());
    const fates = fatesOf(events);
    expect(sum(fates)).toBe(script.frames + script.dropped);
    expect(fates).toMatchObject({ dropped_idle: 1, dropped_blank: 2, dropped_backlog: 5 });
    expect(fates['unique']).toBe(events.filter((event) => event.kind === 'frame' && event.run !== null).length);
  });

  it('takes a spoilt picture in a hold for no run', () => {
    const script = new SuiteScript('suite').connects().run(5).holds(2500).glitches().holds(4000).ends();
    const { events } = played([script], fakeSegmenter());
    expect(told(events).filter((line) => line.includes('started'))).toEqual(['suite1 started']);
    expect(sum(fatesOf(events))).toBe(script.frames);
  });

  it('balances frames and fates, whatever a source does', () => {
    const step = fc.constantFrom<(script: SuiteScript) => SuiteScript>(
      ...[(s: SuiteScript) => s.acquires(), (s: SuiteScript) => s.acquires(30), (s: SuiteScript) => s.acquires(30, 900)],
      ...[
        (s: SuiteScript) => s.holds(700),
        (s: SuiteScript) => s.holds(3500),
        (s: SuiteScript) => s.glitches(),
        (s: SuiteScript) => s.goesBlack(),
      ],
      ...[
        (s: SuiteScript) => s.drops(3),
        (s: SuiteScript) => s.stalls(2000),
        (s: SuiteScript) => s.loses().connects(),
        (s: SuiteScript) => s.run(4),
      ],
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.boolean(), (steps, ends) => {
        const script = new SuiteScript('suite').connects();
        for (const take of steps) take(script);
        if (ends) script.loses();
        script.ends();
        const { events, complete } = played([script], fakeSegmenter());
        expect(complete).toBe(true);
        expect(sum(fatesOf(events))).toBe(script.frames + script.dropped);
        const started = told(events).filter((line) => line.endsWith('started')).length;
        expect(told(events).filter((line) => /^\w+ ended$/.test(line))).toHaveLength(started);
      }),
      { numRuns: 8 },
    );
  }, 30_000);

  it('watches two streams at once as it watches each alone', () => {
    const [one, two] = [
      (): SuiteScript => new SuiteScript('one').connects().run(10).holds(2000).run(4).loses().ends(),
      (): SuiteScript => new SuiteScript('two', 100).connects().holds(640).run(10).holds(2000).ends(),
    ];
    const both = played([one(), two()], fakeSegmenter({ durationMs: 5 })).events;
    for (const script of [one(), two()]) {
      const alone = played([script], fakeSegmenter({ durationMs: 5 })).events;
      const own = both.filter(({ stream }) => stream === script.stream);
      expect(told(own)).toEqual(told(alone));
      expect(fatesOf(own)).toEqual(fatesOf(alone));
    }
    expect(new Set(both.map(({ stream }) => stream))).toEqual(new Set(['one', 'two']));
  });

  it('goes on when the segmenter fails: key frames are found, frames are shown, failures are reported', () => {
    const failing: Segmenter = {
      ...fakeSegmenter(),
      segment: () => throwError(() => new SegmentError('crashed', 'the worker died')),
    };
    const script = morning('suite');
    const { events, complete } = played([script], failing);
    const working = theMorning().events;
    expect(complete).toBe(true);
    const withoutMasks = (lines: readonly string[]): string[] => lines.filter((line) => !/^(mask|invalid|failure)/.test(line));
    expect(withoutMasks(told(events))).toEqual(withoutMasks(told(working)));
    expect(told(events)).toContain('failure crashed');
    expect(sum(fatesOf(events))).toBe(script.frames);
  });

  it('goes on when the segmenter never answers', () => {
    const stuck: Segmenter = { ...fakeSegmenter(), segment: () => NEVER };
    const { events } = played([morning('suite')], stuck);
    expect(told(events).filter((line) => line.startsWith('final'))).toHaveLength(3);
  });

  it('closes its sources and cancels what the model has not begun on unsubscribing', () => {
    let closed = 0;
    const frames = new Subject<SourceEvent>();
    const source = new Observable<SourceEvent>((subscriber) => {
      frames.subscribe(subscriber);
      return () => closed++;
    });
    const segmenter = scriptedSegmenter();
    const ports = { leaseModel: lent(segmenter), clock: { now: () => 0 }, runName: (stream: string, count: number) => `${stream}${count}` };
    const subscription = pipeline(
      of([{ id: 'suite', frames: source.pipe(uniqueAcquisitions(ports.clock)), pixelSpacingMm: null }]),
      ports,
    ).subscribe();
    for (const { event } of new SuiteScript('suite').connects().run().events) frames.next(event);
    expect(segmenter.underWay).toBe(1);
    expect(closed).toBe(0);
    subscription.unsubscribe();
    expect(closed).toBe(1);
    expect(segmenter.underWay).toBe(0);
    expect(segmenter.takenBack).toHaveLength(1);
  });

  it('voids the pixel spacing when the picture becomes another, until the configuration is read again', () => {
    const confirmed = new Subject<void>();
    const frames = new Subject<SourceEvent>();
    const ports = {
      leaseModel: lent(fakeSegmenter({ durationMs: 1 })),
      clock: { now: () => 0 },
      runName: (s: string, n: number) => `${s}${n}`,
    };
    let wider = 0;
    const classified = frames.pipe(
      uniqueAcquisitions(ports.clock),
      map((seen) =>
        seen.kind === 'unique'
          ? {
              ...seen,
              acquisition: { ...seen.acquisition, frame: { ...seen.acquisition.frame, width: seen.acquisition.frame.width + wider } },
            }
          : seen,
      ),
    );
    const spacings = new Map<string, unknown>();
    pipeline(of([{ id: 'suite', frames: classified, pixelSpacingMm: 0.3, reloads: confirmed }]), ports).subscribe((event) => {
      if (event.kind === 'mask') spacings.set(event.run, [event.pixelSpacingMm, event.spacingVoid?.replace(/\d+ × \d+/g, 'W × H')]);
    });
    const script = new SuiteScript('suite').connects();
    const play = (): void => {
      const { length } = played;
      for (const { event } of script.events.slice(length)) frames.next(event);
      played = script.events.slice();
      jest.advanceTimersByTime(5000);
    };
    let played: readonly unknown[] = [];
    script.run().holds(8000);
    play();
    wider = 8;
    script.run().holds(8000);
    play();
    confirmed.next();
    script.run().holds(8000);
    play();
    const why = 'the picture is W × H now, the spacing was given for W × H';
    expect([...spacings.values()]).toEqual([[0.3, undefined], [null, why], [0.3, undefined]]); // prettier-ignore
    frames.complete();
    expect(confirmed.observed).toBe(false);
  });

  it('shares nothing between two subscribers', () => {
    const frames = new Subject<SourceEvent>();
    const ports = {
      leaseModel: lent({ ...fakeSegmenter(), segment: () => NEVER }),
      clock: { now: () => 0 },
      runName: (s: string, n: number) => `${s}${n}`,
    };
    const events = pipeline(of([{ id: 'suite', frames: frames.pipe(uniqueAcquisitions(ports.clock)), pixelSpacingMm: null }]), ports);
    const [first, second]: [PipelineEvent[], PipelineEvent[]] = [[], []];
    events.subscribe((event) => first.push(event));
    events.subscribe((event) => second.push(event));
    for (const { event } of new SuiteScript('suite').connects().run(6).events) frames.next(event);
    expect(first.length).toBeGreaterThan(30);
    expect(second.map(({ kind, at }) => `${kind} ${at}`)).toEqual(first.map(({ kind, at }) => `${kind} ${at}`));
  });

  it('ends the run of a stream that is given another source, makes its mask history and gives every frame its fate; other streams are unaffected', () => {
    const [old, other] = [new SuiteScript('suite').connects().run(), new SuiteScript('other', 200).connects().run()];
    let now = 0;
    const sources = { old: new Subject<SourceEvent>(), fresh: new Subject<SourceEvent>(), other: new Subject<SourceEvent>() };
    const [before, after, stays] = [
      { id: 'suite', frames: sources.old.pipe(uniqueAcquisitions({ now: () => now })), pixelSpacingMm: null },
      { id: 'suite', frames: sources.fresh.pipe(uniqueAcquisitions({ now: () => now })), pixelSpacingMm: null },
      { id: 'other', frames: sources.other.pipe(uniqueAcquisitions({ now: () => now })), pixelSpacingMm: null },
    ];
    const sets = new Subject<readonly StreamPorts[]>();
    const events: PipelineEvent[] = [];
    let runs = 0;
    const ports = {
      leaseModel: lent(fakeSegmenter({ durationMs: 5 })),
      clock: { now: () => now },
      runName: (stream: string) => `${stream}${++runs}`,
    };
    const subscription = pipeline(sets, ports).subscribe((event) => events.push(event));
    const play = (source: Subject<SourceEvent>, { events: said }: SuiteScript, until = Infinity): void =>
      said
        .filter(({ at }) => at <= until)
        .forEach(({ at, event }) => {
          jest.advanceTimersByTime(Math.max(0, at - now));
          now = Math.max(now, at);
          source.next(event);
        });
    sets.next([before, stays]);
    play(sources.old, old);
    play(sources.other, other, 2000);
    expect(sources.old.observed).toBe(true);
    sets.next([after, stays]);
    expect([sources.old.observed, sources.fresh.observed, sources.other.observed]).toEqual([false, true, true]);
    play(sources.fresh, new SuiteScript('suite', 400).connects().run().holds(3000));
    jest.advanceTimersByTime(1000);
    const suite = events.filter(({ stream }) => stream === 'suite');
    const story = told(suite)
      .filter((line) => !/^(improved|mask|invalid .*superseded|stabilised)/.test(line))
      .map((line) => line.replace(/#\d+/, ''));
    const lost = story.indexOf('lost');
    expect(story.slice(lost - 1, lost + 6)).toEqual([
      ...['invalid suite1: source-lost', 'lost', 'final suite1', 'invalid suite1: source-lost', 'suite1 ended', 'connecting', 'live'],
    ]);
    expect(story).toContain('suite3 started');
    const masks = suite.flatMap((event) => (event.kind === 'mask' && event.run === 'suite1' ? [event.status] : []));
    expect(masks.at(-1)).toBe('final');
    const firstRun = suite.slice(0, suite.findIndex((event) => event.kind === 'run' && event.phase === 'ended') + 1);
    expect(sum(fatesOf(firstRun))).toBe(old.frames);
    expect(told(events.filter(({ stream }) => stream === 'other'))).not.toContain('lost');
    subscription.unsubscribe();
  });

  it('emits nothing for no streams, and ends', () => {
    const said: string[] = [];
    pipeline(of([]), { leaseModel: lent(fakeSegmenter()), clock: { now: () => 0 }, runName: String }).subscribe({
      complete: () => said.push('complete'),
    });
    expect(said).toEqual(['complete']);
  });

  it('passes on an error of a source', () => {
    const errors: unknown[] = [];
    const classified = throwError(() => new Error('no such device'));
    pipeline(of([{ id: 'a', frames: classified, pixelSpacingMm: null }]), {
      leaseModel: lent(fakeSegmenter()),
      clock: { now: () => 0 },
      runName: String,
    }).subscribe({
      error: (error: unknown) => errors.push(error),
    });
    expect(errors).toEqual([new Error('no such device')]);
  });
});
