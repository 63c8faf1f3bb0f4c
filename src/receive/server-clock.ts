/** The times of a `clock` message and its answer: t0 and t3 by this machine's clock, t1 and t2 by the server's. */
export interface RoundTrip {
  readonly t0: number;
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
}

/** The server's clock is this machine's plus `offsetMs`, off by at most half of `roundTripMs`. */
export interface ClockReading {
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

const KEPT = 8;

/** Adds a reading, newest last. Only a few are kept, to follow a drifting clock; impossible times are ignored. */
export function withRoundTrip(readings: readonly ClockReading[], { t0, t1, t2, t3 }: RoundTrip): readonly ClockReading[] {
  const reading = { offsetMs: (t1 - t0 + t2 - t3) / 2, roundTripMs: t3 - t0 - (t2 - t1) };
  return Number.isFinite(reading.offsetMs) && Number.isFinite(reading.roundTripMs) ? [...readings, reading].slice(-KEPT) : readings;
}

/** The reading of the fastest round trip, whose error is smallest; null before the first. */
export function bestReading(readings: readonly ClockReading[]): ClockReading | null {
  return readings.reduce<ClockReading | null>((best, one) => (best && best.roundTripMs <= one.roundTripMs ? best : one), null);
}
