import { age, brief, dateAndTime, runName } from '../../src/view/state/format';

it('writes ages and runs in plain words', () => {
  expect([0, 1234, 45_600, 300_000, 36e6].map(age)).toEqual(['0.0 s', '1.2 s', '46 s', '5 min', '10 h']);
  expect([runName('suite-3', 'suite'), runName('r7', 'suite'), runName('suite-', 'suite')]).toEqual(['3', 'r7', 'suite-']);
});

it('writes date and time as this machine has them, with their distance from UTC', () => {
  const at = Date.UTC(2026, 10, 27, 13, 3, 9);
  const text = dateAndTime(at);
  expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$/);
  expect(Date.parse(text.replace(' ', 'T').replace(' ', ''))).toBe(at);
});

it('writes milliseconds as one reads them', () => {
  expect([0, -0.01, 2.04, 2.46, 9.96, 240.4, -3.14, -900].map(brief)).toEqual(['0', '0', '2', '2.5', '10', '240', '−3.1', '−900']);
});
