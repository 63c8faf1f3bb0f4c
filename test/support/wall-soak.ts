import { readFileSync } from 'node:fs';
import type { Browser, CDPSession } from 'playwright-core';
import { leastSquares } from './least-squares';

/** What a page holds after garbage collection. */
export interface HeapReading {
  readonly minute: number;
  /** JavaScript objects, and the buffers they own: messages, pictures. */
  readonly heapMb: number;
  readonly buffersMb: number;
  readonly nodes: number;
  readonly listeners: number;
  /** What each live picture shows, `run/frame`. */
  readonly shown: readonly string[];
  /** Resident memory of the page's process, and of all of the browser's; NaN where there is no /proc. */
  readonly pageMb: number;
  readonly rssMb: number;
}

export interface WallSoak {
  readonly readings: readonly HeapReading[];
  /** By name: a minute's growth after the warm-up. */
  readonly slopes: ReadonlyMap<string, { readonly slope: number; readonly error: number }>;
  /** What went wrong in the page. */
  readonly errors: readonly string[];
}

const MB = 2 ** 20;
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Looks at a wall for so long, `samples` times; the first quarter is warm-up. */
export async function soakWall(
  browser: Browser,
  url: string,
  { minutes, samples, tell }: { minutes: number; samples: number; tell: (reading: HeapReading) => void },
): Promise<WallSoak> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(url);
  await page.waitForSelector('.tile');
  const inPage = await page.context().newCDPSession(page);
  const inBrowser = await browser.newBrowserCDPSession();
  const began = performance.now();
  const readings: HeapReading[] = [];
  for (let sample = 1; sample <= samples; sample += 1) {
    await pause(began + (sample * minutes * 60_000) / samples - performance.now());
    const shown = await page.$$eval('canvas[id^=live-]', (all) => all.map((canvas) => (canvas as HTMLCanvasElement).dataset.frame ?? ''));
    const minute = (performance.now() - began) / 60_000;
    const reading = { minute, shown, ...(await look(inPage)), ...(await resident(inBrowser)) };
    readings.push(reading);
    tell(reading);
  }
  await page.close();
  const steady = readings.filter(({ minute }) => minute > minutes / 4);
  const slopeOf = (of: (reading: HeapReading) => number) => leastSquares(steady.map((reading) => [reading.minute, of(reading)]));
  const slopes = new Map([
    ['heap MB', slopeOf(({ heapMb }) => heapMb)],
    ['buffers MB', slopeOf(({ buffersMb }) => buffersMb)],
    ['DOM nodes', slopeOf(({ nodes }) => nodes)],
    ['listeners', slopeOf(({ listeners }) => listeners)],
    ['page MB', slopeOf(({ pageMb }) => pageMb)],
    ['resident MB', slopeOf(({ rssMb }) => rssMb)],
  ]);
  for (const [before, { minute, shown }] of zip(readings))
    if (shown.length === 0 || shown.some((picture, at) => picture === '' || picture === before.shown[at]))
      errors.push(`minute ${minute.toFixed(1)}: not every stream showed a new picture: ${shown.join(', ')}`);
  return { readings, slopes, errors };
}

const zip = <T>(all: readonly T[]): readonly (readonly [before: T, after: T])[] =>
  all.slice(1).flatMap((after, at) => (all[at] === undefined ? [] : [[all[at], after] as const]));

async function look(inPage: CDPSession): Promise<Omit<HeapReading, 'minute' | 'shown' | 'pageMb' | 'rssMb'>> {
  await inPage.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = await inPage.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await inPage.send('Memory.getDOMCounters');
  return { heapMb: usedSize / MB, buffersMb: backingStorageSize / MB, nodes, listeners: jsEventListeners };
}

async function resident(inBrowser: CDPSession): Promise<Pick<HeapReading, 'pageMb' | 'rssMb'>> {
  if (process.platform !== 'linux') return { pageMb: NaN, rssMb: NaN };
  const { processInfo } = await inBrowser.send('SystemInfo.getProcessInfo');
  const sizes = processInfo.map(({ id, type }) => {
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0);
    return { type, mb: kilobytes / 1024 };
  });
  const sum = (some: typeof sizes): number => some.reduce((all, { mb }) => all + mb, 0);
  return { pageMb: sum(sizes.filter(({ type }) => type === 'renderer')), rssMb: sum(sizes) };
}
