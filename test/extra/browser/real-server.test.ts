import sharp from 'sharp';
import type { Rect } from '../../../src/frame';
import { MONITOR_HEIGHT, MONITOR_IMAGE_AREA, MONITOR_WIDTH } from '../../../src/phantom/feed/monitor';
import { phantomRun, type PhantomRun } from '../../../src/phantom/feed/phantom-run';
import { SUITE_SEEDS } from '../../../src/phantom/feed/suite';
import { maskPixels, type Message } from '../../e2e/client';
import { serve, type Served } from '../../e2e/serve';
import { chromiumPages, keepScreenshot, shows } from './chromium-pages';
import { tintedPixels, screenshotOf, placeOf, overlapWith } from './screen-pixels';

const pages = chromiumPages();
const HALF_TINT = 36;
let served: Served | undefined;

afterEach(async () => {
  await served?.stop();
  served = undefined;
});

it('draws on the screen what the model found, on the tumours that the simulated patient has', async () => {
  served = await serve({ sources: ['phantom:#seed=1'] });
  const page = await pages.open(served.url, { viewport: { width: 1500, height: 900 }, deviceScaleFactor: 2 });
  const sent = await served.client.waitFor('final mask', ({ type, status }) => type === 'mask' && status === 'final', 90_000);
  await shows(page, 'key', 'mask', `${String(sent.run)}/${String(sent.frame)}/own`);
  for (const key of ['c', 'l', 'd']) await page.keyboard.press(key);
  await page.waitForFunction(() => document.querySelectorAll('#controls [aria-pressed=true]').length === 1);
  const screenshot = await screenshotOf(page);
  const place = await placeOf(page, '#key', { width: MONITOR_WIDTH, height: MONITOR_HEIGHT });
  await keepScreenshot(page, 'simulated-patient');

  const drawn = tintedPixels(screenshot, place, HALF_TINT);
  const area = sent.imageArea as Rect;
  const grid = { width: Number(sent.width), height: Number(sent.height) };
  const found = maskPixels(sent);
  const run = phantomRun(SUITE_SEEDS + 1000);
  const acquisition = await shownBy(sent, run);
  const truth = run.tumourMaskAt(acquisition);
  const onScreen = overlapWith(drawn, truth, run, MONITOR_IMAGE_AREA);
  const offline = overlapInPicture(found, grid, area, truth, run);
  console.info(
    `Intersection over union with the true tumours of acquisition ${acquisition} (key frame ${String(sent.frame)}): ${onScreen.toFixed(3)} on the screen, ` +
      `${offline.toFixed(3)} as the mask was sent; on the screen with what was sent ${overlapWith(drawn, found, grid, area).toFixed(3)}`,
  );
  expect(overlapWith(drawn, found, grid, area)).toBeGreaterThanOrEqual(0.97);
  expect(Math.abs(onScreen - offline)).toBeLessThan(0.03);
  expect(onScreen).toBeGreaterThan(0.6);
  expect(pages.errors).toEqual([]);
}, 180_000);

it('shows within three seconds that a server hangs, over any view, and goes on with it', async () => {
  served = await serve({ sources: ['phantom:#seed=2', 'phantom:#seed=3'] });
  const page = await pages.open(served.url);
  const wall = await pages.open(`${served.url}/?wall`);
  await shows(page, 'live', 'frame', /\/[4-9]$/, 60_000);
  await page.waitForSelector('#ready[data-ready=true]');
  await page.evaluate(() => {
    const state = document.getElementById('state');
    const note = (): void => void (state?.dataset.state === 'silent' && Object.assign(globalThis, { silentAt: Date.now() }));
    if (state) new MutationObserver(note).observe(state, { attributes: true, attributeFilter: ['data-state'] });
  });
  const process = served.process;
  const hungAt = Date.now();
  process.kill('SIGSTOP');
  try {
    await Promise.all([
      page.waitForSelector('#state[data-state=silent]', { timeout: 8000 }),
      wall.waitForFunction(() => document.querySelectorAll('.tile[data-state=silent] .stale-overlay').length === 2, null, {
        timeout: 8000,
      }),
    ]);
    const seenMs = (await page.evaluate(() => (globalThis as unknown as { silentAt: number }).silentAt)) - hungAt;
    console.info(`A server that hangs was called so after ${seenMs} ms`);
    // Half a second of room for a busy machine.
    expect(seenMs).toBeLessThan(3500);
    expect(await page.textContent('#live-panel .stale-overlay')).toContain('No answer');
    expect(await page.textContent('#ready')).toBe('✗ Not ready: no answer');
    expect(await page.$$eval('#streams button', (all) => all.map((button) => button.dataset.state))).toEqual(['silent', 'silent']);
    expect(await page.evaluate(() => /held|live(?! )|system ready/i.test(document.querySelector('header')?.textContent ?? ''))).toBe(false);
    await keepScreenshot(page, 'no-answer');
    await keepScreenshot(wall, 'wall-no-answer');
  } finally {
    process.kill('SIGCONT');
  }
  await page.waitForSelector('#state[data-state=live]', { timeout: 30_000 });
  await page.waitForSelector('#ready[data-ready=true]', { timeout: 10_000 });
}, 120_000);

it('goes on by itself when the server is killed in mid-run and started again', async () => {
  served = await serve({ sources: ['phantom:#seed=2'] });
  const port = Number(new URL(served.url).port);
  const page = await pages.open(served.url);
  await page.evaluate(() => Object.assign(globalThis, { notReloaded: true }));
  await shows(page, 'live', 'frame', /\/[4-9]$/, 60_000);
  await served.stop('SIGKILL');
  await page.waitForSelector('#state[data-state=disconnected]', { timeout: 10_000 });
  expect(await page.textContent('#live-panel .stale-overlay')).toContain('Disconnected');
  served = await serve({ sources: ['phantom:#seed=2'], port });
  await page.waitForSelector('body[data-connected=true]', { timeout: 30_000 });
  await page.waitForSelector('#state[data-state=live]', { timeout: 30_000 });
  await page.waitForSelector('#ready[data-ready=true]', { timeout: 10_000 });
  const sent = await served.client.waitFor('mask', ({ type }) => type === 'mask', 60_000);
  await shows(page, 'key', 'mask', new RegExp(`^${String(sent.run)}/\\d+/own$`));
  expect(await page.evaluate(() => (globalThis as unknown as { notReloaded?: boolean }).notReloaded)).toBe(true);
  // The browser logs refused connections, and answers that the server is not ready yet.
  expect(pages.errors.filter((line) => !/ERR_|WebSocket connection to|status of 503 .*\/readyz$/.test(line))).toEqual([]);
}, 180_000);

/** The acquisition that the key frame shows: of those near its number, the one with the least mean difference. */
async function shownBy(sent: Message, run: PhantomRun): Promise<number> {
  const answer = await fetch(`${served?.url}/api/v1/runs/${encodeURIComponent(String(sent.run))}/keyframe.png`);
  const { x, y, width, height } = MONITOR_IMAGE_AREA;
  const picture = sharp(Buffer.from(await answer.arrayBuffer())).extract({ left: x, top: y, width, height });
  const pixels = await picture.greyscale().raw().toBuffer();
  const difference = (acquisition: number): number => {
    const image = run.imageAt(acquisition);
    let sum = 0;
    for (let at = 0; at < image.length; at += 1) sum += (pixels[at]! - image[at]!) ** 2;
    return sum / image.length;
  };
  const first = Math.max(0, Number(sent.frame) - 2);
  const near = Array.from({ length: Math.min(6, run.acquisitions - first) }, (_, n) => first + n).map((n) => [n, difference(n)] as const);
  return near.reduce((best, each) => (each[1] < best[1] ? each : best))[0];
}

/** Intersection over union in captured pixels of the true tumours and a mask over its image area. */
function overlapInPicture(
  found: Uint8Array,
  grid: { readonly width: number; readonly height: number },
  area: Rect,
  truth: Uint8Array,
  run: PhantomRun,
): number {
  const bits = new Uint8Array(run.width * run.height);
  const { x, y } = MONITOR_IMAGE_AREA;
  for (let row = 0; row < run.height; row += 1)
    for (let column = 0; column < run.width; column += 1) {
      const c = Math.floor(((column + 0.5 + x - area.x) / area.width) * grid.width);
      const r = Math.floor(((row + 0.5 + y - area.y) / area.height) * grid.height);
      if (c >= 0 && r >= 0 && c < grid.width && r < grid.height) bits[row * run.width + column] = found[r * grid.width + c] ?? 0;
    }
  let [both, either] = [0, 0];
  bits.forEach((bit, at) => {
    if (bit === 1 && truth[at] === 1) both += 1;
    if (bit === 1 || truth[at] === 1) either += 1;
  });
  return both / either;
}
