/** A picture that was recognised as a new acquisition, and when: at its capture or recognition. */
export interface Detection {
  readonly run: string;
  readonly at: number;
}

/** What became of the acquisitions that were shown within a time. */
export interface Found {
  readonly shown: number;
  readonly found: number;
  /** Recognised, but never shown. */
  readonly extra: number;
  /** Runs that ended meanwhile, and how many of them were not found, or not as one run. */
  readonly runs: number;
  readonly broken: number;
}

/** How much later than shown an acquisition may be recognised. */
const [EARLIEST_MS, LATEST_MS] = [-100, 3000];
/** The costs of a missed and of a false one, and the most that a delay changes from one to the next; in run periods. */
const [SKIP, MOST_CHANGE] = [1, 3];
/** Of two equal costs, shorter delays win: a run whose beginning was missed would fit later, too. */
const SOONER = 0.01;
/** The most in a row that may be skipped. */
const FARTHEST = 4;

/**
 * Matches what was recognised with the acquisitions of each run (`shown`, times in ms), one to one, in order, so that
 * delays change as little as possible from one to the next: a busy machine falls behind gradually, a missed acquisition
 * is a step. Counts those shown from `from` to `to`; their neighbours are matched, too, so that the edges fit.
 */
export function found(shown: readonly (readonly number[])[], detections: readonly Detection[], from: number, to: number): Found {
  const free = [...detections].sort((a, b) => a.at - b.at);
  const inTime = (time: number): boolean => time >= from && time < to;
  const result = { shown: 0, found: 0, extra: 0, runs: 0, broken: 0 };
  const owner = new Map<string, number>();
  const delays: number[] = [];
  for (const [index, times] of shown.entries()) {
    const pairs = matches(times, free);
    delays.push(...pairs.map(([time, { at }]) => at - time));
    const within = times.filter(inTime);
    result.shown += within.length;
    result.found += pairs.filter(([time]) => inTime(time)).length;
    if (inTime(times.at(-1) ?? NaN)) {
      const names = new Set(pairs.map(([, { run }]) => run));
      const isOwn = [...names].every((name) => (owner.get(name) ?? index) === index);
      for (const name of names) owner.set(name, index);
      result.runs += 1;
      if (names.size !== 1 || !isOwn) result.broken += 1;
    }
    const used = new Set(pairs.map(([, detection]) => detection));
    free.splice(0, free.length, ...free.filter((detection) => !used.has(detection)));
  }
  const usual = delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)] ?? 0;
  result.extra = free.filter(({ at }) => inTime(at - usual)).length;
  return result;
}

type Pair = readonly [shownAt: number, detection: Detection];

/** A way to a pair: what was skipped and how much delays changed, in periods, and the pair before. */
interface Way {
  readonly pair: Pair;
  readonly cost: number;
  readonly before: Way | null;
}

/** The cheapest way through all pairs that are possible, as an alignment of two sequences. */
function matches(times: readonly number[], detections: readonly Detection[]): readonly Pair[] {
  const period = Math.min(1000, ...times.slice(1).map((time, n) => time - (times[n] ?? 0)));
  const near = detections.filter(({ at }) => at >= (times[0] ?? 0) + EARLIEST_MS && at <= (times.at(-1) ?? 0) + LATEST_MS);
  const ways: (Way | null)[][] = [];
  let best: Way | null = null;
  let least = SKIP * times.length;
  for (const [i, time] of times.entries()) {
    ways.push([]);
    for (const [j, detection] of near.entries()) {
      const delay = detection.at - time;
      let way: Way | null = null;
      if (delay >= EARLIEST_MS && delay <= LATEST_MS) {
        way = { pair: [time, detection], cost: SKIP * i + (SOONER * Math.abs(delay)) / period, before: null };
        for (let back = 1; back <= FARTHEST; back += 1)
          for (let aside = 1; aside <= FARTHEST; aside += 1) {
            const before = ways[i - back]?.[j - aside];
            if (!before) continue;
            const change = Math.abs(delay - (before.pair[1].at - before.pair[0])) / period;
            const cost: number = before.cost + SKIP * (back + aside - 2) + Math.min(MOST_CHANGE, change);
            if (cost < way.cost) way = { pair: [time, detection], cost, before };
          }
        const whole = way.cost + SKIP * (times.length - 1 - i);
        if (whole < least) [best, least] = [way, whole];
      }
      ways[i]?.push(way);
    }
  }
  const pairs: Pair[] = [];
  for (let way = best; way; way = way.before) pairs.unshift(way.pair);
  return pairs;
}
