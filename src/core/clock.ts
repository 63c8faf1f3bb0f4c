/** Milliseconds since the Unix epoch, monotonic, anchored at the start of the process. */
export interface Clock {
  now(): number;
}
