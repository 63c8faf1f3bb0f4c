import { of } from 'rxjs';
import { latestMap } from '../../src/core/latest-map';
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
    'says nothing of nothing, and ends with its source while it is idle',
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
    'lets go of its source and of what is under way when nobody listens any more',
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
