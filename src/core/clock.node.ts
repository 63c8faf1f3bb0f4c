import type { Clock } from './clock';

/** The one clock: the machine's monotonic clock, anchored at the wall clock when the process started. A stepped wall clock does not move it. */
export const clock: Clock = { now: () => performance.timeOrigin + performance.now() };

/** Milliseconds of the machine's monotonic clock: the same in every thread, of no known origin. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
