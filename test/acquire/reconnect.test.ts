import fc from 'fast-check';
import { throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { reconnecting, refusedDelayMs, retryDelayMs } from '../../src/acquire/connection/reconnect';

it('waits 250 ms at most at first, 5 s at most at last, and longer each time in between', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const delay = retryDelayMs(failures, random);
      return delay >= 125 && delay <= 5000 && retryDelayMs(1, random) <= 250 && retryDelayMs(failures + 1, random) >= delay;
    }),
  );
  expect([1, 2, 3, 4, 5, 6, 7].map((failures) => retryDelayMs(failures, 1))).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
});

const marbles = (test: (helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0], policy: ReturnType<typeof words>) => void): void => {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  scheduler.run((helpers) => test(helpers, words()));
};

/** c1, c2, …: attempts; l: lost; e: ended; i: pictures flow. */
const words = () => ({
  connecting: (attempt: number) => `c${attempt}`,
  isFlowing: (event: string) => event === 'i',
  lost: (error: unknown): string | null => (error === 'fatal' ? null : 'l'),
  completed: (): string | null => 'e',
  isOver: (event: string) => event === 'e',
  random: () => 1,
});
const values = { a: 'c1', b: 'c2', c: 'c3', l: 'l', i: 'i', e: 'e' };

it('tries again after growing delays, starting over once pictures flow', () => {
  marbles(({ cold, expectObservable }, policy) => {
    const attempts = ['#', '#', '---i---#', '-'];
    let attempt = 0;
    const connect = () => cold(attempts[attempt++] ?? '-', values);
    const told = '(al) 246ms (bl) 496ms c--i---l 249ms a';
    expectObservable(reconnecting(connect, policy), '^ 2s !').toBe(told, values);
  });
});

it('retries a refused login ever more seldom, from a minute to half an hour, whatever else goes wrong between, until pictures flow', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((refusals) => refusedDelayMs(refusals) / 60_000)).toEqual([1, 2, 4, 8, 16, 30, 30]);
  marbles(({ cold, expectObservable }, policy) => {
    const attempts = [cold('#', values, 'no'), cold('#', values), cold('#', values, 'no'), cold('i---#', values, 'no'), cold('-', values)];
    let attempt = 0;
    const connect = () => attempts[attempt++] ?? cold('-', values);
    const refused = { ...policy, lost: (error: unknown) => (error === 'no' ? 'n' : 'l'), isRefusal: (words: string) => words === 'n' };
    const told = '(an) 59996ms (bl) 496ms (cn) 119996ms (di)n 59999ms a';
    expectObservable(reconnecting(connect, refused), '^ 5m !').toBe(told, { ...values, n: 'n', d: 'c4' });
  });
});

it('gives up where trying again is pointless', () => {
  marbles(({ expectObservable }, policy) => {
    const connect = () => throwError(() => 'fatal');
    expectObservable(reconnecting<string>(connect, policy)).toBe('(a#)', values, 'fatal');
  });
});

it('ends with a recording', () => {
  marbles(({ cold, expectObservable }, policy) => {
    expectObservable(reconnecting(() => cold('-i-i-|', values), policy)).toBe('ai-i-(e|)', values);
  });
});

it('starts a recording over without a word, and without a delay', () => {
  marbles(({ cold, expectObservable }, policy) => {
    const again = { ...policy, completed: () => null };
    expectObservable(
      reconnecting(() => cold('-i-|', values), again),
      '^------!',
    ).toBe('ai-ai-a', values);
  });
});

it('closes the connection on unsubscribing', () => {
  marbles(({ cold, expectObservable, expectSubscriptions }, policy) => {
    const connection = cold('-i-', values);
    expectObservable(
      reconnecting(() => connection, policy),
      '^--!',
    ).toBe('ai', values);
    expectSubscriptions(connection.subscriptions).toBe('^--!');
  });
});

it('makes no further attempt after unsubscribing', () => {
  marbles(({ cold, expectObservable, expectSubscriptions }, policy) => {
    const refused = cold('#', values);
    expectObservable(
      reconnecting(() => refused, policy),
      '^ 100ms !',
    ).toBe('(al)', values);
    expectSubscriptions(refused.subscriptions).toBe('(^!)');
  });
});

it('tries at once when the server is seen to be back', () => {
  marbles(({ cold, expectObservable }, policy) => {
    const attempts = ['#', '#', '#', '-'];
    let attempt = 0;
    const connect = () => cold(attempts[attempt++] ?? '-', values);
    const back = { ...policy, retryNow: cold('300ms x') };
    expectObservable(reconnecting(connect, back), '^ 2s !').toBe('(al) 246ms (bl) 296ms (cl) 296ms d', { ...values, d: 'c4' });
  });
});

it('restarts an attempt that still waits for its first answer when the server is back, and not after that answer', () => {
  marbles(({ cold, expectObservable }, policy) => {
    const back = { ...policy, retryNow: cold('300ms x') };
    expectObservable(
      reconnecting(() => cold('-', values), back),
      '^ 1400ms !',
    ).toBe('a 1299ms b', values);
    expectObservable(
      reconnecting(() => cold('-i', values), back),
      '^ 9s !',
    ).toBe('ai', values);
  });
});

it('counts for each subscriber on its own', () => {
  marbles(({ cold, expectObservable }, policy) => {
    const events = reconnecting(() => cold('#', values), policy);
    expectObservable(events, '^ 400ms !').toBe('(al) 246ms (bl)', values);
    expectObservable(events, '10ms ^ 100ms !').toBe('10ms (al)', values);
  });
});
