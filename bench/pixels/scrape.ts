/** Prometheus' text, from one scrape to the next. */
export interface Scraped {
  /** Sum of a counter over all series, or those with such a label. */
  count(name: string, label?: string): number;
  /** A counter by one of its labels. */
  by(name: string, label: string): Readonly<Record<string, number>>;
  /** A gauge as it stood at the later one. */
  gauge(name: string): number;
  /** A histogram's quantile, within a bucket in proportion; Infinity beyond the last bound. */
  quantile(name: string, q: number, label?: string): number;
}

const SERIES = /^(\w+)(?:\{([^}]*)\})? ([-+.\deInfNa]+)$/gm;

export function scraped(before: string, after: string): Scraped {
  const series = (text: string): Map<string, number> =>
    new Map([...text.matchAll(SERIES)].map(([, name = '', labels = '', value]) => [`${name}{${labels}}`, Number(value)]));
  const [earlier, later] = [series(before), series(after)];
  const grown = (name: string, label = ''): [labels: string, by: number][] =>
    [...later]
      .filter(([key]) => key.startsWith(`${name}{`) && key.includes(label))
      .map(([key, value]) => [key.slice(name.length), value - (earlier.get(key) ?? 0)]);
  const summed = (rows: readonly (readonly [string, number])[]): Record<string, number> => {
    const sums: Record<string, number> = {};
    for (const [key, value] of rows) sums[key] = (sums[key] ?? 0) + value;
    return sums;
  };
  const labelled = (rows: readonly (readonly [string, number])[], label: string): Record<string, number> =>
    summed(rows.map(([labels, by]) => [new RegExp(`[{,]${label}="([^"]*)"`).exec(labels)?.[1] ?? '', by]));
  return {
    count: (name, label) => grown(name, label).reduce((sum, [, by]) => sum + by, 0),
    by: (name, label) => labelled(grown(name), label),
    gauge: (name) => later.get(`${name}{}`) ?? NaN,
    quantile(name, q, label) {
      const buckets = Object.entries(labelled(grown(`${name}_bucket`, label), 'le'))
        .map(([bound, count]) => ({ bound: bound === '+Inf' ? Infinity : Number(bound), count }))
        .sort((a, b) => a.bound - b.bound);
      const rank = q * (buckets.at(-1)?.count ?? 0);
      const at = buckets.findIndex(({ count }) => count >= rank);
      const [low, high] = [buckets[at - 1] ?? { bound: 0, count: 0 }, buckets[at]];
      if (!high || rank === 0) return NaN;
      return high.bound === Infinity ? Infinity : low.bound + ((high.bound - low.bound) * (rank - low.count)) / (high.count - low.count);
    },
  };
}
