import { scraped } from '../../bench/pixels/scrape';

const text = (repeated: number, fast: number, all: number): string =>
  [
    '# HELP frames_total what became of frames',
    `frames_total{stream="a",fate="repeated"} ${repeated}`,
    'frames_total{stream="b",fate="repeated"} 1',
    `took_seconds_bucket{le="0.1",stage="acquire",stream="a"} ${fast}`,
    `took_seconds_bucket{le="0.2",stage="acquire",stream="a"} ${all}`,
    `took_seconds_bucket{le="+Inf",stage="acquire",stream="a"} ${all}`,
    `took_seconds_sum{stage="acquire",stream="a"} 3`,
    'lag_seconds 0.012',
  ].join('\n');
const between = scraped(text(10, 0, 0), text(25, 50, 100));

it('gives the growth of counters, together and by label', () => {
  expect(between.count('frames_total')).toBe(15);
  expect(between.count('frames_total', 'stream="b"')).toBe(0);
  expect(between.by('frames_total', 'fate')).toEqual({ repeated: 15 });
});

it('gives the value of a gauge', () => {
  expect(between.gauge('lag_seconds')).toBe(0.012);
});

it('finds a quantile within a bucket, beyond all of them, and of nothing', () => {
  expect(between.quantile('took_seconds', 0.75, 'stage="acquire"')).toBeCloseTo(0.15);
  expect(scraped('', 'took_seconds_bucket{le="1"} 0\ntook_seconds_bucket{le="+Inf"} 5').quantile('took_seconds', 0.5)).toBe(Infinity);
  expect(between.quantile('took_seconds', 0.5, 'stage="detect"')).toBeNaN();
});
