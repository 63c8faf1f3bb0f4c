import { found, type Detection } from '../../bench/pixels/found';

/** Two runs of five acquisitions, 200 ms apart. */
const shown = [10_000, 20_000].map((start) => Array.from({ length: 5 }, (_, n) => start + 200 * n));
const seen = (run: string, times: readonly number[], delay: number): Detection[] => times.map((time) => ({ run, at: time + delay }));
const [first = [], second = []] = shown;
const everything = { shown: 10, found: 10, extra: 0, runs: 2, broken: 0 };

it('finds every acquisition of runs that are late by different times', () => {
  expect(found(shown, [...seen('a', first, 40), ...seen('b', second, 700)], 0, 30_000)).toEqual(everything);
});

it('finds them where a busy machine was late with some', () => {
  const late = seen('a', first, 40).map((detection, n) => ({ ...detection, at: detection.at + (n === 1 ? 150 : 0) }));
  expect(found(shown, [...late, ...seen('b', second, 40)], 0, 30_000)).toEqual(everything);
});

it('finds them where it fell behind more and more', () => {
  const late = first.map((time, n) => ({ run: 'a', at: time + 400 + 120 * n }));
  expect(found(shown, [...late, ...seen('b', second, 40)], 0, 30_000)).toEqual(everything);
});

it('takes those of a run that was joined late for its last, which they were', () => {
  const joined = seen('b', second.slice(2), 40).map((detection, n) => ({ ...detection, at: detection.at + 15 * (n % 2) }));
  expect(found(shown, [...seen('a', first, 40), ...joined], 20_300, 30_000)).toEqual({ shown: 3, found: 3, extra: 0, runs: 1, broken: 0 });
});

it('counts one that was missed and another that was taken for two', () => {
  const some = [...seen('a', first, 40).filter((_, n) => n !== 1), { run: 'a', at: (first[4] ?? 0) + 60 }];
  expect(found(shown, [...some, ...seen('b', second, 40)], 0, 30_000)).toEqual({ ...everything, found: 9, extra: 1 });
});

it('counts one that was missed, and one that was none', () => {
  const some = seen('a', first, 40).filter((_, n) => n !== 2);
  const none = { run: 'b', at: 15_000 };
  expect(found(shown, [...some, ...seen('b', second, 40), none], 0, 30_000)).toEqual({ ...everything, found: 9, extra: 1 });
});

it('counts only what was shown from one time to another', () => {
  const all = [...seen('a', first, 40), ...seen('b', second, 40)];
  expect(found(shown, all, 10_300, 15_000)).toEqual({ shown: 3, found: 3, extra: 0, runs: 1, broken: 0 });
});

it('calls a run broken that was found as two, as part of another, or not at all', () => {
  const torn = [...seen('a', first.slice(0, 2), 40), ...seen('b', first.slice(2), 40)];
  expect(found(shown, [...torn, ...seen('c', second, 40)], 0, 30_000).broken).toBe(1);
  expect(found(shown, seen('a', [...first, ...second], 40), 0, 30_000).broken).toBe(1);
  expect(found(shown, [], 0, 30_000)).toEqual({ ...everything, found: 0, broken: 2 });
});
