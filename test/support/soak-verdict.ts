import { leastSquares } from './least-squares';

/** What a process holds at one moment at which nothing is under way. */
export interface SoakReading {
  readonly minute: number;
  /** JavaScript objects and the buffers they own, after garbage collection. */
  readonly heapMb: number;
  readonly residentMb: number;
  readonly handles: number;
  readonly timers: number;
  readonly descriptors: number;
  readonly processes: number;
  /** All but those of libvips. */
  readonly threads: number;
  /** Threads of libvips, which encodes pictures: a pool that grows with concurrent work and shrinks after 15 s idle. */
  readonly vipsThreads: number;
}

export interface Trend {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** A minute, with its standard error. */
  readonly slope: number;
  readonly error: number;
  readonly problem: string | null;
}

const counts = ['handles', 'timers', 'descriptors', 'processes', 'threads'] as const;
/** The four threads of Node's pool, packing without a pause, have 14 at most. */
const MOST_VIPS_THREADS = 16;

/**
 * Whether a process's use of resources stays the same. Memory may not grow by more than `mostMb` a minute, as far as
 * two standard errors can tell; a count may neither end two higher than it began, nor rise steadily by one (four
 * standard errors). Begin and end: the medians of the first and the last quarter. libvips' threads only have a limit.
 */
export function soakVerdict(readings: readonly SoakReading[], mostMb: number): readonly Trend[] {
  const minutes = (readings.at(-1)?.minute ?? 0) - (readings[0]?.minute ?? 0);
  type Judge = (trend: Omit<Trend, 'problem'>) => string | null;
  const trend = (name: string, of: (reading: SoakReading) => number, judge: Judge): Trend => {
    const values = readings.map(of);
    const quarter = Math.max(1, Math.floor(values.length / 4));
    const fitted = leastSquares(readings.map((reading) => [reading.minute, of(reading)]));
    const facts = { name, first: median(values.slice(0, quarter)), last: median(values.slice(-quarter)), ...fitted };
    return { ...facts, problem: judge(facts) };
  };
  const grows = ({ slope, error }: Omit<Trend, 'problem'>): string | null =>
    slope - 2 * error > mostMb ? `grows by ${slope.toFixed(2)} MB a minute` : null;
  const rises = ({ slope, error, first, last }: Omit<Trend, 'problem'>): string | null =>
    last - first >= 2 || (slope > 4 * error && slope * minutes >= 1) ? `rises from ${first} to ${last}` : null;
  const most = Math.max(...readings.map(({ vipsThreads }) => vipsThreads));
  const tooMany = (): string | null => (most > MOST_VIPS_THREADS ? `has ${most} threads` : null);
  return [
    trend('heap MB', ({ heapMb }) => heapMb, grows),
    trend('resident MB', ({ residentMb }) => residentMb, grows),
    ...counts.map((name) => trend(name, (reading) => reading[name], rises)),
    trend('libvips', ({ vipsThreads }) => vipsThreads, tooMany),
  ];
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
