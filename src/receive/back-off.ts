const FIRST_MS = 250;
const LONGEST_MS = 5000;

/** How long to wait before the `attempt`-th try (from 0) of a connection in a row: doubling up to 5 s, a fifth more or less, so that a hundred
 * screens do not come back at the same instant. `random`: 0 to 1. */
export function backOff(attempt: number, random: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10)) * (0.8 + 0.4 * random);
}
