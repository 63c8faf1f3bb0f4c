import { catchError, from, of } from 'rxjs';
import type { ConnectionEvent } from '../../src/acquire/connection/connection';
import { lateness, latePictures } from '../../src/acquire/connection/lateness';
import type { SourceError } from '../../src/acquire/source';

type Picture = readonly [at: number, seconds: number | null];
const image = ([at, seconds]: Picture): ConnectionEvent => ({
  kind: 'image',
  image: { width: 1, height: 1, pixels: new Uint8Array(1), seconds, damaged: false, at, behindMs: 0 },
});

/** The events besides pictures, and at which picture. */
function saidOf(pictures: readonly Picture[]): string[] {
  const said: string[] = [];
  let n = 0;
  from(pictures.map(image))
    .pipe(
      lateness(),
      latePictures(),
      catchError((error: SourceError) => of({ kind: `${error.code}: ${error.message}` })),
    )
    .subscribe((event) => (event.kind === 'image' ? n++ : said.push(`${n} ${event.kind}`)));
  return said;
}

/** Pictures every 100 ms for this many seconds, delayed by `delayMs` of the second. */
const feed = (seconds: number, delayMs: (second: number) => number): Picture[] =>
  Array.from({ length: 10 * seconds }, (_, n) => [100 * n + delayMs(n / 10), n / 10]);

it('reports pictures as late from a second on, and as punctual again below half a second', () => {
  const arrivals = feed(12, (second) => (second < 2 ? 50 : second < 6 ? 1200 : second < 8 ? 700 : 300));
  expect(saidOf(arrivals)).toEqual(['20 late', '80 punctual']);
});

it('counts from the most punctual picture: what was read ahead when a source was opened is no measure', () => {
  expect(saidOf(feed(10, (second) => (second < 1 ? 2000 - 2000 * second : 0)))).toEqual([]);
  expect(saidOf(feed(10, (second) => (second <= 1 ? 2000 - 2000 * second : 1100)))).toEqual(['11 late']);
});

it('sees a delay that grows slowly, picture by picture', () => {
  expect(saidOf(feed(60, (second) => 30 * second))).toEqual(['358 late', '456 late: pictures arrived 1.3 s late']);
});

it('ends a connection that stays behind for ten seconds, and none that catches up', () => {
  expect(saidOf(feed(30, (second) => (second < 2 ? 0 : 2000)))).toEqual(['20 late', '120 late: pictures arrived 2.0 s late']);
  expect(saidOf(feed(30, (second) => (second < 2 ? 0 : second < 11 ? 2000 : 0)))).toEqual(['20 late', '110 punctual']);
});

it('forgives a clock that is slower than ours by two parts in a thousand', () => {
  expect(saidOf(feed(3600, (second) => 1.9 * second))).toEqual([]);
});

it('takes timestamps that jump, stand still or are missing for no lateness', () => {
  const jumped = (by: number): Picture[] => feed(20, () => 0).map(([at, own], n) => [at, (own ?? 0) + (n > 100 ? by : 0)]);
  expect(saidOf(jumped(3600))).toEqual([]);
  expect(saidOf(jumped(-3600))).toEqual([]);
  expect(saidOf(feed(20, () => 0).map(([at]) => [at, 7]))).toEqual([]);
  expect(saidOf(feed(20, () => 0).map(([at]) => [at, null]))).toEqual([]);
});

it('remains late where timestamps jump meanwhile', () => {
  const arrivals = feed(10, (second) => (second < 2 ? 0 : second < 8 ? 1500 : 0));
  expect(saidOf(arrivals.map(([at, own], n) => [at, (own ?? 0) - (n > 40 ? 3600 : 0)]))).toEqual(['20 late', '80 punctual']);
});
