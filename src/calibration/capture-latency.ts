import { MOST_CAPTURE_LATENCY_MS } from '../acquire/source-spec';
import { median } from '../core/statistics';
import { brightnessSteps, type CoarsePicture, type Flash } from './brightness-steps';

/** How long flashes took from the screen to the arrival of the first picture that shows them. */
export interface MeasuredLatency {
  readonly kind: 'measured';
  /** The median. It includes half a picture interval, the average wait of a change for the next picture. */
  readonly latencyMs: number;
  /** Half of the flashes took from `fastMs` to `slowMs`, a quarter less, a quarter more. */
  readonly fastMs: number;
  readonly slowMs: number;
  /** Flashes painted, and how many of them were found in the pictures. */
  readonly painted: number;
  readonly seen: number;
  /** The usual time between two pictures. */
  readonly intervalMs: number;
}

/** The measurement, or in one line why there is none. */
export type CaptureLatency = MeasuredLatency | { readonly kind: 'unmeasurable'; readonly why: string };

const LEAST_PAINTED = 20;
/** Share of the painted flashes. A feed shows nearly all; other flashing matches a third, rarely half. */
const LEAST_SEEN_SHARE = 0.8;
/** Delays searched for; one below 0 shows clocks that disagree. */
const SHORTEST_DELAY_MS = -500;
export const LONGEST_MS = 3000;
/** The delays of one feed lie within this; flashes of the same kind are at least twice as far apart. */
const SAME_DELAY_MS = 300;
/**
 * How much more than half a picture interval the middle half of the delays may spread; their median is good to a
 * seventh of it. Flashes that match by chance spread over all of SAME_DELAY_MS, and half of them over half of it.
 */
const STEADY_MS = 90;

/** A page learns a frame late that it was painted: a screen that is grabbed may show it before. */
const BEFORE_PAGE_MS = 20;

/** Finds painted flashes in pictures, both by the same clock, oldest first. Some may be missing, others added. */
export function captureLatency(painted: readonly Flash[], pictures: readonly CoarsePicture[]): CaptureLatency {
  const unmeasurable = (why: string): CaptureLatency => ({ kind: 'unmeasurable', why });
  if (painted.length < LEAST_PAINTED)
    return unmeasurable(`expected at least ${LEAST_PAINTED} flashes, the page painted ${painted.length}: was it hidden or closed?`);
  const steps = brightnessSteps(pictures);
  if (steps === null)
    return unmeasurable('nothing in the pictures flashes: is the page on the monitor that is captured, in front and large?');

  const delays = [...commonDelays(painted, steps)].sort((a, b) => a - b);
  const seen = delays.length;
  if (seen < LEAST_SEEN_SHARE * painted.length) {
    const fit = `${seen} of ${painted.length} flashes fit what flashes in the pictures`;
    return unmeasurable(`${fit}: is the page on the monitor that is captured, and do its pictures come regularly?`);
  }

  const intervalMs = median(pictures.slice(1).map(({ at }, i) => at - (pictures[i]?.at ?? at)));
  const latencyMs = median(delays);
  const [fastMs, slowMs] = [0.25, 0.75].map((share) => delays[Math.round(share * (seen - 1))] ?? latencyMs) as [number, number];
  const between = `half of the flashes took ${Math.round(fastMs)} to ${Math.round(slowMs)} ms`;
  if (slowMs - fastMs > intervalMs / 2 + STEADY_MS) return unmeasurable(`the pictures come too irregularly: ${between}`);
  if (latencyMs < -BEFORE_PAGE_MS)
    return unmeasurable(`pictures seem to arrive before they are painted (${between}): the clock of the page is off`);
  if (latencyMs > MOST_CAPTURE_LATENCY_MS) return unmeasurable(`expected at most ${MOST_CAPTURE_LATENCY_MS} ms; ${between}`);
  const [fast, usual, slow] = [fastMs, latencyMs, slowMs].map((ms) => Math.max(0, ms)) as [number, number, number];
  return { kind: 'measured', latencyMs: usual, fastMs: fast, slowMs: slow, painted: painted.length, seen, intervalMs };
}

/** The delays at which most flashes match a step of the same kind, one for each of these flashes. */
function commonDelays(painted: readonly Flash[], steps: readonly Flash[]): readonly number[] {
  const pairs = painted
    .flatMap((flash) => steps.filter(({ bright }) => bright === flash.bright).map((step) => ({ flash, ms: step.at - flash.at })))
    .filter(({ ms }) => ms >= SHORTEST_DELAY_MS && ms <= LONGEST_MS)
    .sort((a, b) => a.ms - b.ms);
  let best: readonly (typeof pairs)[number][] = [];
  let most = 0;
  for (const [from, first] of pairs.entries()) {
    const beyond = pairs.findIndex(({ ms }) => ms > first.ms + SAME_DELAY_MS);
    const alike = pairs.slice(from, beyond < 0 ? undefined : beyond);
    const flashes = new Set(alike.map(({ flash }) => flash)).size;
    if (flashes > most) [best, most] = [alike, flashes];
  }
  if (most === 0) return [];
  const middle = median(best.map(({ ms }) => ms));
  const nearest = new Map<Flash, number>();
  for (const { flash, ms } of best) {
    const before = nearest.get(flash);
    if (before === undefined || Math.abs(ms - middle) < Math.abs(before - middle)) nearest.set(flash, ms);
  }
  return [...nearest.values()];
}

/** A measurement as lines of text; the last is an option of the source, ready to be pasted. */
export function calibrationText(shown: string, latency: MeasuredLatency): string {
  const { latencyMs, fastMs, slowMs, painted, seen, intervalMs } = latency;
  const ms = (value: number): string => `${Math.round(value)} ms`;
  const rows: readonly (readonly [string, string])[] = [
    ['source', shown],
    ['flashes', `${painted} painted, ${seen} of them seen`],
    ['from the glass', `${ms(latencyMs)}; half of the flashes took ${ms(fastMs)} to ${ms(slowMs)}`],
    ['a picture every', ms(intervalMs)],
  ];
  return `${rows.map(([name, value]) => `${name.padEnd(20)}${value}\n`).join('')}captureLatencyMs=${Math.round(latencyMs)}\n`;
}
