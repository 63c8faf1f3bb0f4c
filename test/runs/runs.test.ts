import fc from 'fast-check';
import { concatMap, from, map, merge, mergeMap, of, type Observable, type OperatorFunction } from 'rxjs';
import type { ClassifiedFrame } from '../../src/acquisitions/classified-frame';
import type { FrameOrRun } from '../../src/runs/run';
import { runs } from '../../src/runs/runs';
import { blankAt, lostAt, repeatedAt, uniqueAt, WHOLE } from '../support/frames';
import { expectTwice, marbles } from '../support/marbles';

/** Classified frames are left out; of runs and pictures that stood alone, everything is shown. */
const told: OperatorFunction<FrameOrRun, string> = mergeMap((seen): Observable<string> => {
  if (seen.kind === 'lone') return of(`${seen.acquisition.frame.capturedAt} alone`);
  if (seen.kind !== 'run') return of();
  return merge(
    of(`${seen.id} from ${seen.startedAt}`),
    seen.acquisitions.pipe(map(({ run, number, frame }) => `${run}#${number} at ${frame.capturedAt}`)),
    seen.end.pipe(map(({ at, reason, acquisitions }) => `${seen.id} of ${acquisitions} ${reason} at ${at}`)),
  );
});
const grouped = (): OperatorFunction<ClassifiedFrame, FrameOrRun> => runs('test', (count) => `run${count}`);
function toldOf(classified: readonly ClassifiedFrame[]): string[] {
  const all: string[] = [];
  from(classified)
    .pipe(grouped(), told)
    .subscribe((line) => all.push(line));
  return all;
}
const uniques = (...times: number[]): ClassifiedFrame[] => times.map((at) => uniqueAt(at));
const holds = (fromMs: number, toMs: number, everyMs = 100): ClassifiedFrame[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / everyMs) + 1 }, (_, i) => repeatedAt(fromMs + i * everyMs));

describe('runs', () => {
  it('begins a run with the second of two close acquisitions, and ends it when none has come for several intervals', () => {
    expect(toldOf([...uniques(0, 250, 500), ...holds(600, 2100)])).toEqual([
      ...['run0 from 0', 'run0#0 at 0', 'run0#1 at 250', 'run0#2 at 500'],
      'run0 of 3 held at 2100',
    ]);
  });

  it('waits for the image area, and then begins with what it had', () => {
    const area = (at: number, settled: boolean): ClassifiedFrame => ({
      kind: 'area',
      at,
      found: { area: WHOLE, settled, planes: [], hint: null, still: false },
    });
    const other = { imageArea: { ...WHOLE, width: 100 } };
    const early = [0, 250, 300, 500].map((at) => uniqueAt(at, other));
    const framed = uniques(0, 250, 500).flatMap((one) => (one.kind === 'unique' ? [one.acquisition] : []));
    expect(toldOf([area(0, false), ...early])).toEqual(['0 alone', '250 alone', '300 alone', '500 alone']);
    const all = [area(0, false), ...early, area(600, true), { kind: 'reframed', at: 600, acquisitions: framed } as const, ...uniques(750)];
    expect(toldOf(all)).toEqual([
      ...['run0 from 0', 'run0#0 at 0', 'run0#1 at 250', '300 alone', 'run0#2 at 500', 'run0#3 at 750'],
      'run0 of 4 ended at 750',
    ]);
  });

  it('keeps a slow run together: no frame rate decides', () => {
    const slow = [0, 2000, 4000, 6000, 8000].flatMap((at) => [uniqueAt(at), ...holds(at + 100, at + 1900)]);
    expect(toldOf(slow).slice(0, 6)).toEqual([
      'run0 from 0',
      ...['run0#0 at 0', 'run0#1 at 2000', 'run0#2 at 4000', 'run0#3 at 6000', 'run0#4 at 8000'],
    ]);
    expect(toldOf([...slow, ...holds(10_000, 15_100)]).at(-1)).toBe('run0 of 5 held at 15100');
    expect(toldOf([...slow, ...holds(10_000, 15_000)]).at(-1)).toBe('run0 of 5 ended at 15000');
  });

  it('goes on through a breath in the middle of a run', () => {
    const lines = toldOf([...uniques(0, 250, 500, 750), ...holds(800, 2200), ...uniques(2250, 2500)]);
    expect(lines.slice(-2)).toEqual(['run0#5 at 2500', 'run0 of 6 ended at 2500']);
  });

  it('sees a hold between pictures that are left out, and goes on where nothing was looked at for a while', () => {
    const leftOut = (at: number): ClassifiedFrame => ({ kind: 'dropped', at, reason: 'overload', count: 1 });
    const shed = holds(600, 2200).flatMap((one, i) => (i % 2 === 0 ? [one] : [leftOut(600 + 100 * i)]));
    expect(toldOf([...uniques(0, 250, 500), ...shed]).at(-1)).toMatch(/^run0 of 3 held at 2[01]00$/);
    const blind = Array.from({ length: 24 }, (_, i) => leftOut(600 + 100 * i));
    expect(toldOf([...uniques(0, 250, 500), ...blind, uniqueAt(3100)]).join()).not.toContain('held');
  });

  it('goes on while pictures are damaged: a hold must be seen, unless it is seen for long', () => {
    const damaged = (fromMs: number, toMs: number): ClassifiedFrame[] =>
      holds(fromMs, toMs).map((_, i) => ({ kind: 'dropped', at: fromMs + 100 * i, reason: 'damaged', count: 1 }));
    const lines = toldOf([...uniques(0, 250, 500), ...damaged(600, 3000), uniqueAt(3100)]);
    expect(lines.at(-1)).toBe('run0 of 4 ended at 3100');
    expect(toldOf([...uniques(0, 250, 500), ...damaged(600, 3000), ...holds(3100, 4600)]).at(-1)).toBe('run0 of 3 held at 4600');
    expect(toldOf([...uniques(0, 250, 500), ...damaged(600, 15_000)])).toContain('run0 of 3 held at 14100');
  });

  it('ends a run while a recording waits, when its next acquisition was due', () => {
    const waiting = (fromMs: number, toMs: number, waits = true): ClassifiedFrame[] =>
      holds(fromMs, toMs).map((_, i) => ({ kind: 'silent', at: fromMs + 100 * i, waits }));
    expect(toldOf([...uniques(0, 250, 500), ...waiting(1100, 2000)])).not.toContain('run0 of 3 held at 2000');
    expect(toldOf([...uniques(0, 250, 500), ...waiting(1100, 60_000)])).toContain('run0 of 3 held at 2100');
    expect(toldOf([uniqueAt(0), ...waiting(1100, 3100)])).toEqual(['0 alone']);
    // A live source may have shown what did not come; after long it counts as a hold.
    expect(toldOf([...uniques(0, 250, 500), ...waiting(1100, 13_900, false), uniqueAt(14_000)])).toContain('run0 of 3 held at 2000');
    expect(toldOf([...uniques(0, 250, 500), ...waiting(1100, 13_900, false)]).at(-1)).toBe('run0 of 3 ended at 13900');
    expect(toldOf([...uniques(0, 250, 500), ...waiting(1100, 60_000, false)])).toContain('run0 of 3 held at 2100');
  });

  it('ends a run when its next acquisition was due, however late the picture comes that shows it', () => {
    expect(toldOf(uniques(0, 250, 500, 75_000, 75_250))).toEqual([
      ...['run0 from 0', 'run0#0 at 0', 'run0#1 at 250', 'run0#2 at 500', 'run0 of 3 held at 2000'],
      ...['run1 from 75000', 'run1#0 at 75000', 'run1#1 at 75250', 'run1 of 2 ended at 75250'],
    ]);
  });

  it('takes a picture that stays alone for none', () => {
    expect(toldOf([uniqueAt(0), ...holds(100, 3100)])).toEqual(['0 alone']);
  });

  it('leaves out a picture that stood long before the run', () => {
    expect(toldOf(uniques(0, 2500, 2750, 3000))).toEqual([
      '0 alone',
      ...['run0 from 2500', 'run0#0 at 2500', 'run0#1 at 2750', 'run0#2 at 3000', 'run0 of 3 ended at 3000'],
    ]);
  });

  it('names runs by their count', () => {
    const two = [...uniques(0, 250), ...holds(300, 3400), ...uniques(4000, 4250), lostAt(4300)];
    expect(toldOf(two)).toEqual([
      ...['run0 from 0', 'run0#0 at 0', 'run0#1 at 250', 'run0 of 2 held at 3300'],
      ...['run1 from 4000', 'run1#0 at 4000', 'run1#1 at 4250', 'run1 of 2 lost at 4300'],
    ]);
  });

  it('ends a run where the picture changes its size or its image area, and begins another', () => {
    const area = { ...WHOLE, x: 4, width: 252 };
    const moved = [...uniques(0, 250), uniqueAt(500, { imageArea: area }), uniqueAt(750, { imageArea: area })];
    expect(toldOf(moved)).toEqual([
      ...['run0 from 0', 'run0#0 at 0', 'run0#1 at 250', 'run0 of 2 changed at 500'],
      ...['run1 from 500', 'run1#0 at 500', 'run1#1 at 750', 'run1 of 2 ended at 750'],
    ]);
    expect(toldOf([uniqueAt(0), uniqueAt(200, { width: 512 }), lostAt(300)])).toEqual(['0 alone', '200 alone']);
  });

  it('ends a run with its source, and with its connection', () => {
    expect(toldOf([...uniques(0, 250), { kind: 'ended', at: 300 }]).at(-1)).toBe('run0 of 2 ended at 300');
    expect(toldOf([...uniques(0, 250), lostAt(300)]).at(-1)).toBe('run0 of 2 lost at 300');
    expect(toldOf([uniqueAt(0), { kind: 'ended', at: 300 }])).toEqual(['0 alone']);
  });

  it('ends a run even when its source completes without a word', () => {
    expect(toldOf(uniques(0, 250))).toEqual(['run0 from 0', 'run0#0 at 0', 'run0#1 at 250', 'run0 of 2 ended at 250']);
    expect(toldOf([uniqueAt(0), ...holds(100, 400)])).toEqual(['0 alone']);
  });

  it('lets a blank picture pass time, as a repeated one does', () => {
    expect(toldOf([...uniques(0, 250, 500), blankAt(1900), blankAt(2100)]).at(-1)).toBe('run0 of 3 held at 2100');
  });

  it('announces the end before it completes the run', () => {
    const order: string[] = [];
    from([...uniques(0, 250), lostAt(300)])
      .pipe(grouped())
      .subscribe((seen) => {
        if (seen.kind !== 'run') return;
        seen.acquisitions.subscribe({ complete: () => order.push('complete') });
        seen.end.subscribe(() => order.push('end'));
      });
    expect(order).toEqual(['end', 'complete']);
  });

  it('gives every acquisition one place: in one run, in order, or alone', () => {
    const step = fc.record({ gap: fc.integer({ min: 1, max: 4000 }), kind: fc.constantFrom('u', 'u', 'u', 'r', 'b', 'l', 'w') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let at = 0;
        const classified = steps.map(({ gap, kind }): ClassifiedFrame => {
          at += gap;
          if (kind === 'u') return uniqueAt(at);
          if (kind === 'w') return uniqueAt(at, { width: 300 });
          return kind === 'r' ? repeatedAt(at) : kind === 'b' ? blankAt(at) : lostAt(at);
        });
        const placed: string[] = [];
        const counts: string[] = [];
        let passed = 0;
        from<ClassifiedFrame[]>([...classified, { kind: 'ended', at: at + 1 }])
          .pipe(grouped())
          .subscribe((seen) => {
            if (seen.kind === 'lone') placed.push(`${seen.acquisition.frame.capturedAt}`);
            else if (seen.kind === 'run') {
              let next = 0;
              seen.acquisitions.subscribe(({ number, run, frame }) => {
                expect([number, run]).toEqual([next++, seen.id]);
                placed.push(`${frame.capturedAt}`);
              });
              seen.end.subscribe(({ acquisitions }) => {
                expect(acquisitions).toBe(next);
                expect(acquisitions).toBeGreaterThan(1);
                counts.push(seen.id);
              });
            } else passed++;
          });
        const times = classified.flatMap((one) => (one.kind === 'unique' ? [`${one.acquisition.frame.capturedAt}`] : []));
        expect(placed.sort()).toEqual(times.sort());
        expect(counts).toEqual(counts.map((_, i) => `run${i}`));
        expect(passed).toBe(classified.length + 1);
      }),
      { numRuns: 200 },
    );
  });

  const seen = { a: uniqueAt(0), b: uniqueAt(250), c: uniqueAt(500), r: repeatedAt(3100), e: { kind: 'ended', at: 600 } } as const;
  const values = { s: 'run0 from 0', a: 'run0#0 at 0', b: 'run0#1 at 250', c: 'run0#2 at 500', e: 'run0 of 3 ended at 600', l: '0 alone' };

  it(
    'passes every classified frame at once, before what it adds up to',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b----c-e-|', seen);
      const kinds = source.pipe(
        grouped(),
        concatMap(({ kind }) => of(kind)),
      );
      expectObservable(kinds).toBe('-u-(uR)-u-e-|', { u: 'unique', R: 'run', e: 'ended' });
      expectObservable(source.pipe(grouped(), told)).toBe('---(sab)c-e-|', values);
      expectSubscriptions(source.subscriptions).toBe(['^-----------!', '^-----------!']);
    }),
  );

  it(
    'emits nothing for no input, passes errors on, and unsubscribes with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<ClassifiedFrame>('---|').pipe(grouped())).toBe('---|');
      expectObservable(cold('a-r-#', seen).pipe(grouped(), told)).toBe('--l-#', values);
      const source = cold('a-----b-|', seen);
      expectObservable(source.pipe(grouped(), told), '^--!').toBe('---');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers, not even the count of the names',
    marbles((helpers) => {
      expectTwice(helpers, helpers.cold('a-b----c-e|', seen).pipe(grouped(), told), '--(sab)c-e|', values);
    }),
  );
});
