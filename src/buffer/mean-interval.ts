import { median } from './median';

/** A gap of so many usual ones is a pause, not an interval. */
const PAUSE = 4;

/**
 * Milliseconds between events as they come, without the pauses among them; null for fewer than three events. The mean, for what is captured on a grid comes now one
 * picture sooner, now one later: 7.5 a second at 25 pictures a second are 120, 120 and 160 ms apart, and the usual gap would say 8.3.
 */
export function meanInterval(times: readonly number[]): number | null {
  const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
  if (gaps.length < 2) return null;
  const most = PAUSE * median(gaps);
  const intervals = gaps.filter((gap) => gap <= most);
  return intervals.reduce((sum, gap) => sum + gap, 0) / intervals.length;
}
