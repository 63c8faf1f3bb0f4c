import type { Image } from './cut-images';

/**
 * When frames were captured: their arrival, or (`ownClock`, a recording read faster than real time) their own time counted from when it was opened. Goes
 * on over reconnects and repeats, and never runs backwards.
 */
export function frameTimes(ownClock: boolean): {
  readonly open: (at: number) => void;
  readonly next: (image: Image) => number;
  /** What time it is for events between frames, on the same clock. */
  readonly now: (at: number) => number;
} {
  let last = -Infinity;
  let gap = 0;
  let openedAt = 0;
  let first: number | null = null;
  let count = 0;

  return {
    open(at) {
      openedAt = Math.max(at, last + gap);
      first = null;
      count = 0;
    },
    now: (at) => (ownClock && last > -Infinity ? last : Math.max(at, last)),
    next({ at, seconds }) {
      first ??= seconds;
      const own = openedAt + (seconds === null || first === null ? count * 40 : (seconds - first) * 1000);
      const time = Math.max(last, ownClock ? own : at);
      if (count > 0) gap = time - last;
      count += 1;
      last = time;
      return time;
    },
  };
}
