import type { Page } from 'playwright-core';
import { percentile } from '../../../src/view/state/painted-delays';
import { serving, stopServing } from '../../push/serving';
import { simulatedStreams } from '../../support/simulated-streams';
import { slowLink, type SlowLink } from '../../support/slow-link';
import { chromiumPages, keepScreenshot, pause, shows, viewFolder } from './chromium-pages';

const pages = chromiumPages();
const stops: (() => unknown)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await stopServing();
});

const SECONDS = 15;
/** Pictures of this monitor weigh nearly 400 kB: three in two seconds, where six a second are taken. */
const BYTES_PER_SECOND = 600_000;

interface Looked {
  /** How long there had been a newer picture than the shown one, in ms, sampled ten times a second in a run. */
  readonly behind: readonly number[];
  readonly shown: number;
  readonly sent: number;
}

/** Shows a stream of six pictures a second through a link of so many bytes a second. */
async function lookThrough(bytesPerSecond: number): Promise<{ readonly page: Page; readonly link: SlowLink; readonly looked: Looked }> {
  const server = await serving({ viewFolder });
  const link = await slowLink(server.port, bytesPerSecond);
  stops.push(() => link.close());
  const captured = new Map<string, number>();
  const streams = simulatedStreams({ count: 1, rateHz: 6, every: 6 }, (...events) => {
    for (const event of events) if (event.kind === 'frame') captured.set(`${event.run}/${event.frame}`, event.acquisition.frame.capturedAt);
    server.say(...events);
  });
  stops.push(() => streams.stop());
  const page = await pages.open(`http://127.0.0.1:${link.port}/`);
  await shows(page, 'live', 'frame', /\/\d+$/, 30_000);
  await pause(3000);
  const before = captured.size;
  const behind: number[] = [];
  const shown = new Set<string>();
  const ends = performance.now() + SECONDS * 1000;
  while (performance.now() < ends) {
    const picture = (await page.$eval('#live', (canvas) => (canvas as HTMLCanvasElement).dataset.frame)) ?? '';
    const all = [...captured];
    const at = all.findIndex(([name]) => name === picture);
    const [, successor = Infinity] = all[at + 1] ?? [];
    const [, newest = 0] = all.at(-1) ?? [];
    // While the last image is held, nothing newer can be shown.
    if (at >= 0 && Date.now() - newest < 300) behind.push(Math.max(0, Date.now() - successor));
    shown.add(picture);
    await pause(100);
  }
  return { page, link, looked: { behind, shown: shown.size, sent: captured.size - before } };
}

it('shows few pictures but new ones over a slow network: it skips, it does not lag', async () => {
  const { page, link, looked } = await lookThrough(BYTES_PER_SECOND);
  const { behind, shown, sent } = looked;
  const [p50, p95, worst] = [0.5, 0.95, 1].map((share) => Math.round(percentile(behind, share) ?? NaN));
  console.info(
    `${BYTES_PER_SECOND / 1000} kB/s: the screen is ${p50} ms behind, p95 ${p95}, at most ${worst}; ${shown} of ${sent} shown, ${Math.round(link.carried() / 1000)} kB carried`,
  );
  expect(behind.length).toBeGreaterThan(60);
  expect(p95).toBeLessThan(2000);
  expect(shown).toBeLessThan(sent * 0.9);
  expect(shown).toBeGreaterThan(5);
  // It does not fall behind: the second half is no later than the first.
  const half = Math.floor(behind.length / 2);
  expect(percentile(behind.slice(half), 0.5)).toBeLessThan((percentile(behind.slice(0, half), 0.5) ?? 0) + 500);
  await keepScreenshot(page, 'slow-network');
  expect(pages.errors).toEqual([]);
}, 90_000);
