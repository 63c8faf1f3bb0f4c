/** A `clock` message and when its answer came, in milliseconds: t0 and t3 on this machine's clock, t1 and t2 on the server's. */
export interface RoundTrip {
  readonly t0: number;
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
}

/** How the server's clock stands: add `offsetMs` to this machine's; off by at most half of `roundTripMs`. */
export interface ClockReading {
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

const KEPT = 8;

/** The readings after one more round trip, newest last; a few are kept, so that a clock that drifts is followed. Times that tell nothing change nothing. */
export function withRoundTrip(readings: readonly ClockReading[], { t0, t1, t2, t3 }: RoundTrip): readonly ClockReading[] {
  const reading = { offsetMs: (t1 - t0 + t2 - t3) / 2, roundTripMs: t3 - t0 - (t2 - t1) };
  return Number.isFinite(reading.offsetMs) && Number.isFinite(reading.roundTripMs) ? [...readings, reading].slice(-KEPT) : readings;
}

/** The reading of the fastest round trip, whose error is least; null before the first. */
export function bestReading(readings: readonly ClockReading[]): ClockReading | null {
  return readings.reduce<ClockReading | null>((best, one) => (best && best.roundTripMs <= one.roundTripMs ? best : one), null);
}
