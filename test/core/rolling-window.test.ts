import { map } from 'rxjs';
import { rollingWindow } from '../../src/core/rolling-window';
import { expectTwice, marbles } from '../support/marbles';

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
    'says nothing of nothing, and nothing of too few',
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
    'lets go of its source when nobody listens any more',
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
