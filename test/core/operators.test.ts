import { concat, map, NEVER, of, takeUntil } from 'rxjs';
import { latestMap, mapMembers, rollingWindow } from '../../src/core/operators';
import { expectTwice, marbles } from '../support/marbles';

describe('latestMap', () => {
  it(
    'keeps only the newest value while it is busy',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const values = cold('          --a--b--c-------d--|');
      const answers = { a: cold('      -----A|'), b: cold('-----B|'), c: cold('-----C|'), d: cold('-----D|') };
      const results = values.pipe(latestMap((value) => answers[value as keyof typeof answers]));
      expectObservable(results).toBe('-------A-----C-------D|');
      expectSubscriptions(answers.a.subscriptions).toBe('--^-----!');
      expectSubscriptions(answers.b.subscriptions).toBe([]);
      expectSubscriptions(answers.c.subscriptions).toBe('--------^-----!');
      expectSubscriptions(answers.d.subscriptions).toBe('----------------^-----!');
      expectSubscriptions(values.subscriptions).toBe('^------------------!');
    }),
  );

  it(
    'emits nothing for no input, and ends with its source while it is idle',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('---|').pipe(latestMap(() => of('x')))).toBe('---|');
      expectObservable(cold('---').pipe(latestMap(() => of('x')))).toBe('---');
      expectObservable(cold('-a-|').pipe(latestMap((value) => of(value)))).toBe('-a-|');
    }),
  );

  it(
    'finishes what has begun and what waits before it ends',
    marbles(({ cold, expectObservable }) => {
      const results = cold('ab|').pipe(latestMap((value) => cold('---x|', { x: value })));
      expectObservable(results).toBe('---a---b|');
    }),
  );

  it(
    'passes on an error of its source and lets go of what is under way',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const values = cold('a-#');
      const answer = cold('----A|');
      expectObservable(values.pipe(latestMap(() => answer))).toBe('--#');
      expectSubscriptions(answer.subscriptions).toBe('^-!');
    }),
  );

  it(
    'passes on an error of a projection and lets go of its source',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const values = cold('a-b-c-|');
      expectObservable(values.pipe(latestMap(() => cold('---#')))).toBe('---#');
      expectSubscriptions(values.subscriptions).toBe('^--!');
    }),
  );

  it(
    'makes an error of a projection that throws',
    marbles(({ cold, expectObservable }) => {
      const thrown = latestMap<string, string>(() => {
        throw new Error('no');
      });
      expectObservable(cold('-a-|').pipe(thrown)).toBe('-#', undefined, new Error('no'));
    }),
  );

  it(
    'unsubscribes from its source and from what is under way with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const values = cold('a-b---|');
      const answer = cold('----A|');
      expectObservable(values.pipe(latestMap(() => answer)), '^--!').toBe('---');
      expectSubscriptions(values.subscriptions).toBe('^--!');
      expectSubscriptions(answer.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => {
      const results = helpers.cold('ab-|').pipe(latestMap((value) => helpers.cold('--x|', { x: value })));
      expectTwice(helpers, results, '--a--b|');
    }),
  );
});

const sets: Readonly<Record<string, readonly string[]>> = { n: [], a: ['a'], b: ['b'], x: ['a', 'b'] };

describe('mapMembers', () => {
  it(
    'leaves those alone that stay, and closes those that go',
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const own = { a: cold('   -1---2-----3'), b: cold('-4---5-----6') };
      const results = hot('    --a--x-----b------n-', sets).pipe(
        mapMembers((member, gone) => own[member as 'a' | 'b'].pipe(takeUntil(gone))),
      );
      expectObservable(results).toBe('---1--42--5-----6'.slice(0, 6) + '42--5-----6');
      expectSubscriptions(own.a.subscriptions).toBe('--^--------!');
      expectSubscriptions(own.b.subscriptions).toBe('-----^------------!');
    }),
  );

  it(
    'emits the last value of one that goes before its successor begins',
    marbles(({ hot, expectObservable }) => {
      const results = hot('--a----b-', sets).pipe(
        mapMembers((member, gone) => concat(of(member), NEVER.pipe(takeUntil(gone)), of(member.toUpperCase()))),
      );
      expectObservable(results).toBe('--a----(Ab)-');
    }),
  );

  it(
    'lets one that is gone finish what it has begun',
    marbles(({ hot, cold, expectObservable }) => {
      const results = hot('--a--n---', sets).pipe(mapMembers(() => cold('-----1|')));
      expectObservable(results).toBe('-------1-');
    }),
  );

  it(
    'emits nothing for an empty set, and ends when there are no more sets and all have ended',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('n--|', sets).pipe(mapMembers(() => NEVER))).toBe('---|');
      expectObservable(cold('a|', sets).pipe(mapMembers(() => cold('---1|')))).toBe('---1|');
      expectObservable(cold('(a|)', sets).pipe(mapMembers((_, gone) => cold('---1|').pipe(takeUntil(gone))))).toBe('---1|');
    }),
  );

  it(
    'passes on an error of a member and of the sets, and lets go of everything',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const failing = cold('--#');
      const all = hot('a---b---', sets);
      expectObservable(all.pipe(mapMembers(() => failing))).toBe('--#');
      expectSubscriptions(all.subscriptions).toBe('^-!');
      const open = cold('-------');
      expectObservable(cold('a--#', sets).pipe(mapMembers(() => open))).toBe('---#');
      expectSubscriptions(open.subscriptions).toBe('^--!');
    }),
  );

  it(
    'closes everything on unsubscribing, and shares nothing between two subscribers',
    marbles((helpers) => {
      const member = helpers.cold('--1--1--1');
      const all = helpers.hot('a-----', sets);
      helpers.expectObservable(all.pipe(mapMembers(() => member)), '^---!').toBe('--1--');
      helpers.expectSubscriptions(member.subscriptions).toBe('^---!');
      expectTwice(helpers, helpers.cold('a-n-|', sets).pipe(mapMembers((_, gone) => helpers.cold('-1-1|').pipe(takeUntil(gone)))), '-1--|');
    }),
  );
});

const joined = map((window: readonly string[]) => window.join(''));

describe('rollingWindow', () => {
  it(
    'gives the last values, oldest first, from the moment there are that many',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const values = cold('--a--b--c--d--|');
      expectObservable(values.pipe(rollingWindow(3), joined)).toBe('--------x--y--|', { x: 'abc', y: 'bcd' });
      expectSubscriptions(values.subscriptions).toBe('         ^-------------!');
    }),
  );

  it(
    'can begin before it is full',
    marbles(({ cold, expectObservable }) => {
      const windows = cold('a-b-c-d|').pipe(rollingWindow<string>(3, 2), joined);
      expectObservable(windows).toBe('--x-y-z|', { x: 'ab', y: 'abc', z: 'bcd' });
    }),
  );

  it(
    'emits nothing for no input or too little',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('---|').pipe(rollingWindow(3))).toBe('---|');
      expectObservable(cold('---').pipe(rollingWindow(3))).toBe('---');
      expectObservable(cold('-a-|').pipe(rollingWindow(3))).toBe('---|');
    }),
  );

  it(
    'gives one value as a window of one',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a-|').pipe(rollingWindow(1), joined)).toBe('-a-|');
    }),
  );

  it(
    'passes an error on, after the windows before it',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const values = cold('a-b-#');
      expectObservable(values.pipe(rollingWindow(2), joined)).toBe('--x-#', { x: 'ab' });
      expectSubscriptions(values.subscriptions).toBe('^---!');
    }),
  );

  it(
    'unsubscribes from its source with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const values = cold('a-b-c-d-|');
      expectObservable(values.pipe(rollingWindow(2), joined), '^--!').toBe('--x-', { x: 'ab' });
      expectSubscriptions(values.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares no window between two subscribers',
    marbles((helpers) => {
      expectTwice(helpers, helpers.cold('a-b-c|').pipe(rollingWindow(2), joined), '--x-y|', { x: 'ab', y: 'bc' });
    }),
  );

  it('refuses sizes that are none', () => {
    expect(() => rollingWindow(0)).toThrow('Expected window size of at least 1, got 0');
    expect(() => rollingWindow(2.5)).toThrow('got 2.5');
    expect(() => rollingWindow(3, 4)).toThrow('Expected first window of 1 to 3 values, got 4');
    expect(() => rollingWindow(3, 0)).toThrow('got 0');
  });
});
