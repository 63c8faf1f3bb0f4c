/** The one clock: milliseconds since the Unix epoch, monotonic, anchored at start. */
export interface Clock {
  now(): number;
}
