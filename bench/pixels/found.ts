/** A picture that was taken for a new acquisition, and when it was captured. */
export interface Sighting {
  readonly run: string;
  readonly at: number;
}

/** What became of the acquisitions that were shown within a time. */
export interface Found {
  readonly shown: number;
  readonly found: number;
  /** Taken for new ones, and none. */
  readonly extra: number;
  /** Runs that ended meanwhile, and how many of them were not found, or not as one run. */
  readonly runs: number;
  readonly broken: number;
}

/** So much later than shown may a run have been captured: encoder, network and decoder. And so many of its periods may a picture be off beyond that, on a machine that is late. */
const [EARLIEST_MS, LATEST_MS, STEP_MS] = [-100, 3000, 4];
const TOLERANCE = 1.2;

/**
 * Matches sightings with the acquisitions of each run (`shown`, times in ms), one with one, in order. A run has one delay, that with the most matches: feed and program have a clock each, and
 * a connection that was opened anew is as late as it happens to be. One that was missed and another that was taken for two within little more than a period go for found. Counts what was shown from `from` to `to`; what lies around is matched, too, so that nothing is torn at the edges.
 */
export function found(shown: readonly (readonly number[])[], sightings: readonly Sighting[], from: number, to: number): Found {
  const free = [...sightings].sort((a, b) => a.at - b.at);
  const inTime = (time: number): boolean => time >= from && time < to;
  const result = { shown: 0, found: 0, extra: 0, runs: 0, broken: 0 };
  const owner = new Map<string, number>();
  const delays: number[] = [];
  for (const [index, times] of shown.entries()) {
    const { pairs, delay } = matches(times, free);
    if (pairs.length > 0) delays.push(delay);
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
    const used = new Set(pairs.map(([, sighting]) => sighting));
    free.splice(0, free.length, ...free.filter((sighting) => !used.has(sighting)));
  }
  const usual = delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)] ?? 0;
  result.extra = free.filter(({ at }) => inTime(at - usual)).length;
  return result;
}

function matches(times: readonly number[], sightings: readonly Sighting[]): { pairs: (readonly [number, Sighting])[]; delay: number } {
  const period = Math.min(1000, ...times.slice(1).map((time, n) => time - (times[n] ?? 0)));
  let best = { pairs: [] as (readonly [number, Sighting])[], delay: 0, off: Infinity };
  for (let delay = EARLIEST_MS; delay <= LATEST_MS; delay += STEP_MS) {
    const pairs: (readonly [number, Sighting])[] = [];
    let [next, off] = [0, 0];
    for (const time of times) {
      while (next < sightings.length && (sightings[next]?.at ?? 0) < time + delay - TOLERANCE * period) next += 1;
      const sighting = sightings[next];
      if (!sighting || sighting.at > time + delay + TOLERANCE * period) continue;
      pairs.push([time, sighting]);
      off += Math.abs(sighting.at - time - delay);
      next += 1;
    }
    if (pairs.length > best.pairs.length || (pairs.length === best.pairs.length && off < best.off)) best = { pairs, delay, off };
  }
  return best;
}
