/** Milliseconds of the machine's monotonic clock: the same in every thread, of no known origin. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
