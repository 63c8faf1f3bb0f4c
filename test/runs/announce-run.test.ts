import { map, NEVER, Subject, throwError, type OperatorFunction } from 'rxjs';
import type { RunAcquisition } from '../../src/frame';
import { announceRun, type Announcement } from '../../src/runs/announce-run';
import type { Run, RunEnd } from '../../src/runs/run';
import { inRun } from '../support/frames';
import { expectTwice, marbles } from '../support/marbles';

const clock = { now: (): number => 205 };
const aRun = (rest: Pick<Run, 'acquisitions' | 'end'>): Run => ({
  ...{ kind: 'run', stream: 'test', id: 'run-1', startedAt: 0, knownAt: 100, opening: 2 },
  ...rest,
});
const watched: OperatorFunction<RunAcquisition, string> = map(({ number }) => `watched ${number}`);

const told = map((said: Announcement | string): string => {
  if (typeof said === 'string') return said;
  switch (said.kind) {
    case 'run':
      return `${said.at} ${said.run} ${said.phase}, ${said.acquisitions}, since ${said.startedAt}`;
    case 'frame':
      return `${said.at} frame ${said.frame} of ${said.run}`;
    case 'fate':
      return `${said.at} ${said.count} ${said.fate}`;
    case 'stage':
      return `${said.at} ${said.stage} ${said.milliseconds}`;
  }
});

describe('announceRun', () => {
  it('announces a run, then each acquisition and its findings, then the end of the run', () => {
    const acquisitions = new Subject<RunAcquisition>();
    const end = new Subject<RunEnd>();
    const lines: string[] = [];
    announceRun(aRun({ acquisitions, end }), clock, watched)
      .pipe(told)
      .subscribe({ next: (line) => lines.push(line), complete: () => lines.push('complete') });
    expect(lines).toEqual(['100 run-1 started, 2, since 0']);
    acquisitions.next(inRun(0));
    acquisitions.next(inRun(1));
    end.next({ at: 900, reason: 'held', acquisitions: 2 });
    end.complete();
    acquisitions.complete();
    expect(lines).toEqual([
      '100 run-1 started, 2, since 0',
      ...['0 1 unique', '1 acquire 1', '0 frame 0 of run-1', 'watched 0', '205 detect 204'],
      ...['100 1 unique', '101 acquire 1', '100 frame 1 of run-1', 'watched 1', '205 detect 104'],
      ...['900 run-1 ended, 2, since 0', 'complete'],
    ]);
  });

  it("emits the watch's findings on the end before the end itself", () => {
    const end = new Subject<RunEnd>();
    const lines: string[] = [];
    announceRun(aRun({ acquisitions: NEVER, end }), clock, () => end.pipe(map(() => 'final')))
      .pipe(told)
      .subscribe((line) => lines.push(line));
    end.next({ at: 900, reason: 'lost', acquisitions: 2 });
    expect(lines.slice(1)).toEqual(['final', '900 run-1 ended, 2, since 0']);
  });

  it('never reports a time below zero, whatever the clocks show', () => {
    const acquisitions = new Subject<RunAcquisition>();
    const lines: string[] = [];
    announceRun(aRun({ acquisitions, end: NEVER }), { now: () => 0 }, watched)
      .pipe(told)
      .subscribe((line) => lines.push(line));
    acquisitions.next({ ...inRun(3), acquiredAt: 250 });
    expect(lines.slice(1)).toEqual(['300 1 unique', '250 acquire 0', '300 frame 3 of run-1', 'watched 3', '0 detect 0']);
  });

  const values = { R: '100 run-1 started, 2, since 0', E: '900 run-1 ended, 2, since 0' };
  const ended = { E: { at: 900, reason: 'held', acquisitions: 2 } } as const;

  it(
    'waits for the watch to complete',
    marbles(({ cold, hot, expectObservable }) => {
      const late = cold('-------W|', { W: 'mask' });
      const said = announceRun(aRun({ acquisitions: hot('-----|'), end: hot('----(E|)', ended) }), clock, () => late);
      expectObservable(said.pipe(told)).toBe('R---E--W|', { ...values, W: 'mask' });
    }),
  );

  it(
    'passes on an error of the watch and of the acquisitions',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const acquisitions = hot<RunAcquisition>('---#');
      expectObservable(announceRun(aRun({ acquisitions, end: NEVER }), clock, watched).pipe(told)).toBe('R--#', values);
      const silent = hot<RunAcquisition>('----------');
      const failing = announceRun(aRun({ acquisitions: silent, end: NEVER }), clock, () => throwError(() => 'error'));
      expectObservable(failing.pipe(told)).toBe('(R#)', values);
      expectSubscriptions(acquisitions.subscriptions).toBe('^--!');
    }),
  );

  it(
    'unsubscribes from acquisitions, watch and end with its subscriber',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const acquisitions = hot<RunAcquisition>('------|');
      const end = hot('-----(E|)', ended);
      const watch = cold('--------W', { W: 'mask' });
      expectObservable(announceRun(aRun({ acquisitions, end }), clock, () => watch).pipe(told), '^--!').toBe('R---', values);
      for (const source of [acquisitions, end, watch]) expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => {
      const acquisitions = helpers.cold<RunAcquisition>('---|');
      const end = helpers.cold('--(E|)', ended);
      expectTwice(helpers, announceRun(aRun({ acquisitions, end }), clock, watched).pipe(told), 'R-E|', values);
    }),
  );
});
