import type { ImageFacts } from './cut-images';

/**
 * When frames were captured: their arrival, less what they are behind and `latencyMs`; or (`ownClock`, a recording read faster than real time) their own time
 * counted from when it was opened. What happens between frames is dated alike, so that a latency moves the times of a source and no distance between them.
 * Goes on over reconnects and repeats, and never runs backwards.
 */
export function frameTimes(
  ownClock: boolean,
  latencyMs: number,
): {
  readonly open: (at: number) => void;
  readonly next: (image: ImageFacts) => number;
  /** What time it is for events between frames, on the same clock. */
  readonly now: (at: number) => number;
} {
  let last = -Infinity;
  let gap = 0;
  let openedAt = 0;
  let first: number | null = null;
  let count = 0;
  let behind = 0;
  const onGlass = (at: number): number => (ownClock ? at : at - behind - latencyMs);

  return {
    open(at) {
      behind = 0;
      openedAt = Math.max(onGlass(at), last + gap);
      first = null;
      count = 0;
    },
    now: (at) => (ownClock && last > -Infinity ? last : Math.max(onGlass(at), last)),
    next({ at, seconds, behindMs }) {
      first ??= seconds;
      behind = behindMs;
      const own = openedAt + (seconds === null || first === null ? count * 40 : (seconds - first) * 1000);
      const time = Math.max(last, ownClock ? own : onGlass(at));
      if (count > 0) gap = time - last;
      count += 1;
      last = time;
      return time;
    },
  };
}
