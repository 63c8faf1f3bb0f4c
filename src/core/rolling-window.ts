import { defer, filter, map, type OperatorFunction } from 'rxjs';

/**
 * The last `size` values, oldest first, from the moment there are `from` of them (default: all).
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
