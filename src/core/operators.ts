import {
  concatMap,
  connect,
  defer,
  filter,
  from,
  map,
  mergeMap,
  Observable,
  type ObservableInput,
  type OperatorFunction,
  pairwise,
  pipe,
  startWith,
} from 'rxjs';

/**
 * Projects one value at a time. Of those that arrive meanwhile only the newest waits; the others are skipped.
 *
 *    values   --a--b--c-------d--|
 *    project    -----A|            (takes 5 frames)
 *    results  -------A-----C-------D|
 */
export function latestMap<T, R>(project: (value: T) => ObservableInput<R>): OperatorFunction<T, R> {
  return (values) =>
    new Observable((subscriber) => {
      let waiting: { readonly value: T } | null = null;
      let busy = false;
      let over = false;

      const begin = (value: T): void => {
        busy = true;
        let results: Observable<R>;
        try {
          results = from(project(value));
        } catch (error) {
          subscriber.error(error);
          return;
        }
        subscriber.add(
          results.subscribe({
            next: (result) => subscriber.next(result),
            error: (error: unknown) => subscriber.error(error),
            complete: () => {
              busy = false;
              const next = waiting;
              waiting = null;
              if (next) begin(next.value);
              else if (over) subscriber.complete();
            },
          }),
        );
      };

      subscriber.add(
        values.subscribe({
          next: (value) => {
            if (busy) waiting = { value };
            else begin(value);
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            over = true;
            if (!busy) subscriber.complete();
          },
        }),
      );
    });
}

/**
 * Projects each member of a set for as long as it belongs. A member of the next set too (the same object) goes on.
 * For one that left, `gone` emits before new members begin; its projection may go on until it completes.
 *
 *    sets     --{a}----{b}---
 *    project    a------(A|)         a at once, A when gone
 *    results  --a------(Ab)--
 */
export function mapMembers<T, R>(project: (member: T, gone: Observable<unknown>) => Observable<R>): OperatorFunction<readonly T[], R> {
  return pipe(
    startWith([] as readonly T[]),
    pairwise(),
    concatMap(([before, now]) => [
      ...before.filter((member) => !now.includes(member)).map((member) => ({ kind: 'gone' as const, member })),
      ...now.filter((member) => !before.includes(member)).map((member) => ({ kind: 'new' as const, member })),
    ]),
    connect((changes) =>
      changes.pipe(
        filter(({ kind }) => kind === 'new'),
        mergeMap(({ member }) => project(member, changes.pipe(filter((change) => change.kind === 'gone' && change.member === member)))),
      ),
    ),
  );
}

/**
 * The last `size` values, oldest first, as soon as there are `from` of them (default: `size`).
 *
 *    values   --a--b--c--d--|
 *    windows  --------x--y--|      (size 3)
 */
export function rollingWindow<T>(size: number, from = size): OperatorFunction<T, readonly T[]> {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`Expected window size of at least 1, got ${size}`);
  if (!Number.isInteger(from) || from < 1 || from > size) throw new RangeError(`Expected first window of 1 to ${size} values, got ${from}`);
  return (values) =>
    defer(() => {
      let window: readonly T[] = [];
      return values.pipe(
        map((value) => (window = [...window, value].slice(-size))),
        filter(({ length }) => length >= from),
      );
    });
}
