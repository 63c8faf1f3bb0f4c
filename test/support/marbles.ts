import type { Observable } from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';

/** A test drawn in marbles, in virtual time: one character is one millisecond. */
export const marbles = (test: (helpers: RunHelpers) => void) => (): void =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test);

/** Subscribes a second time, 3 ms later, and expects the same: subscribers share no state. */
export function expectTwice<T>(
  { expectObservable }: RunHelpers,
  output: Observable<T>,
  drawn: string,
  values?: Readonly<Record<string, T>>,
): void {
  expectObservable(output).toBe(drawn, values);
  expectObservable(output, '---^').toBe(`---${drawn}`, values);
}
