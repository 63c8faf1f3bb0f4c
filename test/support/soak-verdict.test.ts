import { seededRandom } from '../../src/phantom/random';
import { type SoakReading, soakVerdict } from './soak-verdict';

/** Readings of an hour, three a minute, with a real process's noise; `drift`: what one of them gains a minute. */
function readings(drift: Partial<Record<keyof SoakReading, number>> = {}, minutes = 60): readonly SoakReading[] {
  const random = seededRandom(5);
  const steady = { heapMb: 60, residentMb: 300, handles: 30, timers: 5, descriptors: 60, processes: 2, threads: 13, vipsThreads: 3 };
  const noise: Partial<Record<keyof SoakReading, number>> = { heapMb: 3, residentMb: 20 };
  return Array.from({ length: minutes * 3 }, (_, n) => {
    const minute = n / 3;
    const now = (name: keyof typeof steady): number =>
      Math.round((steady[name] + minute * (drift[name] ?? 0) + (noise[name] ?? 0) * (random.uniform() - 0.5)) * (noise[name] ? 100 : 1)) /
      (noise[name] ? 100 : 1);
    return { minute, ...Object.fromEntries(Object.keys(steady).map((name) => [name, now(name as keyof typeof steady)])) } as SoakReading;
  });
}
const failing = (all: readonly SoakReading[]): readonly string[] =>
  soakVerdict(all, 0.6).flatMap(({ name, problem }) => (problem === null ? [] : [name]));

it('finds nothing in an hour in which nothing grows', () => {
  expect(failing(readings())).toEqual([]);
});

it.each([
  ['heap MB', { heapMb: 1 }],
  ['resident MB', { residentMb: 1 }],
  ['handles', { handles: 0.05 }],
  ['timers', { timers: 0.05 }],
  ['descriptors', { descriptors: 0.05 }],
  ['processes', { processes: 0.05 }],
  ['threads', { threads: 0.05 }],
])('finds what grows by 1 MB a minute, or by one in twenty minutes: %s', (name, drift) => {
  expect(failing(readings(drift))).toEqual([name]);
});

it('does not take a timer that is there at every other look for one too many', () => {
  expect(failing(readings({}, 3).map((reading, n) => ({ ...reading, timers: 2 + (n % 2) })))).toEqual([]);
});

it('lets threads of libvips come and go, up to a most', () => {
  const growing = (most: number): readonly SoakReading[] =>
    readings().map((reading, n) => ({ ...reading, vipsThreads: Math.min(most, Math.floor(n / 10)) }));
  expect(failing(growing(16))).toEqual([]);
  expect(failing(growing(17))).toEqual(['libvips']);
});

it('finds a single handle that is not given back', () => {
  expect(failing(readings().map((reading) => ({ ...reading, handles: reading.minute < 20 ? 22 : 23 })))).toEqual(['handles']);
});

it('finds a leak of 2 MB a minute within the three steady minutes of a short soak', () => {
  expect(failing(readings({ heapMb: 2 }, 3))).toEqual(['heap MB']);
});
