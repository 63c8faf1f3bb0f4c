import { expectedHours, isExpected } from '../../src/measure/expected-hours';

/** Local time in November 2026; the 23rd is a Monday. */
const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime();
const expected = (text: string, time: number): boolean => {
  const hours = expectedHours(text);
  if (hours === undefined) throw new Error(`Expected hours, got ${text}`);
  return isExpected(hours, time);
};

it.each<readonly [string, readonly number[], readonly number[]]>([
  ['always', [at(23, 3), at(29, 23)], []],
  ['never', [], [at(23, 3), at(29, 12)]],
  ['mon-fri 07:00-19:00', [at(23, 7), at(27, 18, 59)], [at(23, 6, 59), at(27, 19), at(28, 12), at(29, 12)]],
  ['Mon-Fri 07:00-19:00,  sat 08:00-12:00', [at(24, 9), at(28, 11)], [at(28, 12), at(29, 9)]],
  ['07:30-16:00', [at(23, 7, 30), at(29, 12)], [at(23, 7), at(29, 16)]],
  ['sat', [at(28, 0), at(28, 23, 59)], [at(27, 23), at(29, 0)]],
  ['fri-mon 10:00-24:00', [at(27, 10), at(29, 23), at(23, 12)], [at(24, 12), at(27, 9)]],
  // A night shift, into the next morning.
  ['fri 20:00-06:00', [at(27, 20), at(27, 23), at(28, 5, 59)], [at(27, 5), at(28, 6), at(28, 21)]],
])('%s', (text, within, without) => {
  expect(within.map((time) => expected(text, time))).toEqual(within.map(() => true));
  expect(without.map((time) => expected(text, time))).toEqual(without.map(() => false));
});

it.each([
  '',
  'weekdays',
  'mon-',
  'mon fri',
  'mon-fri 7-19',
  '25:00-26:00',
  '07:00-24:01',
  '07:60-08:00',
  '07:00-07:00',
  'mon-fri 07:00-19:00,',
  'mo 07:00-19:00',
])('rejects "%s"', (text) => {
  expect(expectedHours(text)).toBeUndefined();
});
