/** The same hours on one or more days of the week. */
interface Span {
  /** Days on which the span begins; 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes since midnight; if `to` is before `from`, the span ends on the next day. */
  readonly from: number;
  readonly to: number;
}

/** When a source should deliver pictures; null: always. `text` is normalised. */
export type ExpectedHours = { readonly text: string; readonly spans: readonly Span[] } | null;

export const EXPECTED_HOURS_FORMAT = 'always, never, or hours such as mon-fri 07:00-19:00, sat 08:00-12:00';
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const EVERY_DAY = DAYS.map((_, day) => day);
const MAX_SPANS = 32;
const MINUTES_A_DAY = 24 * 60;

/**
 * Parses text such as `mon-fri 07:00-19:00, sat`: up to 32 spans, separated by commas, each with days, hours or both.
 * Without days: every day; without hours: all day. Returns null for `always`, undefined for invalid text.
 */
export function expectedHours(text: string): ExpectedHours | undefined {
  const words = text.trim().toLowerCase();
  if (words === 'always') return null;
  if (words === 'never') return { text: words, spans: [] };
  const parts = words.split(',').map((part) => part.trim().replace(/\s+/g, ' '));
  const spans = parts.map(spanOf).filter((span) => span !== null);
  return spans.length === parts.length && spans.length <= MAX_SPANS ? { text: parts.join(', '), spans } : undefined;
}

/** Whether pictures are expected at `at` (ms since the epoch), in this machine's time zone. */
export function isExpected(hours: ExpectedHours, at: number): boolean {
  if (hours === null) return true;
  const now = new Date(at);
  const day = now.getDay();
  const minute = now.getHours() * 60 + now.getMinutes();
  return hours.spans.some(({ days, from, to }) => {
    if (to > from) return days.includes(day) && minute >= from && minute < to;
    return (days.includes(day) && minute >= from) || (days.includes((day + 6) % 7) && minute < to);
  });
}

function spanOf(text: string): Span | null {
  const [, first, last, hours] = /^(?:([a-z]{3})(?:-([a-z]{3}))?)?(?:^| |$)(\d\d:\d\d-\d\d:\d\d)?$/.exec(text) ?? [];
  if (first === undefined && hours === undefined) return null;
  const days = first === undefined ? EVERY_DAY : daysOf(first, last ?? first);
  const [from = NaN, to = NaN] = (hours ?? '00:00-24:00').split('-').map(minutesOf);
  return days !== null && from < MINUTES_A_DAY && to <= MINUTES_A_DAY && from !== to ? { days, from, to } : null;
}

/** The days from `first` to `last`, which may wrap around the week; null if a name is unknown. */
function daysOf(first: string, last: string): readonly number[] | null {
  const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)];
  if (from < 0 || to < 0) return null;
  return EVERY_DAY.slice(0, ((to - from + 7) % 7) + 1).map((days) => (from + days) % 7);
}

/** Minutes since midnight, not limited to one day: 24:00 is the end of a day. NaN if the minutes exceed 59. */
function minutesOf(time: string): number {
  const [hour = NaN, minute = NaN] = time.split(':').map(Number);
  return minute < 60 ? hour * 60 + minute : NaN;
}
