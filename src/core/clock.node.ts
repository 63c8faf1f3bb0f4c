import type { Clock } from './clock';

/** The process's only clock: monotonic, set by the wall clock at start; later steps of the wall clock don't move it. */
export const clock: Clock = { now: () => performance.timeOrigin + performance.now() };

/** Milliseconds of the machine's monotonic clock: the same in every thread, from an arbitrary origin. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
