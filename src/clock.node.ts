import type { Clock } from './acquire/source';

/** The one clock: the machine's monotonic clock, anchored at the wall clock when the process started. A stepped wall clock does not move it. */
export const clock: Clock = { now: () => performance.timeOrigin + performance.now() };
