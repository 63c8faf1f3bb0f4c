import type { Page } from 'playwright-core';
import { of } from 'rxjs';
import { Script } from '../../push/scripted';
import { serving, stopServing, type Serving } from '../../push/serving';
import { startChromium } from '../../support/chromium';
import { simulatedStreams, type SimulatedStreams } from '../../support/simulated-streams';
import { soakWall } from '../../support/wall-soak';
import { chromiumPages, keepScreenshot, pause, shows, viewFolder } from './chromium-pages';
import { playRun } from './scripted-run';

const pages = chromiumPages();
const ids = ['a', 'b', 'c', 'd'];
const CONTROLS = 'button, input, select, textarea, a[href], [tabindex], [contenteditable]';
let server: Serving;
let streams: SimulatedStreams | undefined;

beforeEach(async () => {
  server = await serving({ viewFolder, streams: of(ids.map((id) => ({ id, name: `Suite ${id.toUpperCase()}` }))) });
});
afterEach(async () => {
  streams?.stop();
  streams = undefined;
  await stopServing();
});

it('shows every stream on a wall, each with its own key frame and mask, and leads to each', async () => {
  streams = simulatedStreams({ count: 4, rateHz: 6, every: 6 }, server.say);
  const page = await pages.open(`http://127.0.0.1:${server.port}/?wall`, { viewport: { width: 1600, height: 1000 } });
  for (const id of ids) await shows(page, `key-${id}`, 'mask', new RegExp(`^${id}-\\d+/\\d+/own$`));
  const before = await page.$$eval('canvas[id^=live-]', (all) => all.map((canvas) => (canvas as HTMLCanvasElement).dataset.frame));
  expect(before.map((picture) => picture?.slice(0, 2))).toEqual(['a-', 'b-', 'c-', 'd-']);
  await pause(1500);
  const after = await page.$$eval('canvas[id^=live-]', (all) => all.map((canvas) => (canvas as HTMLCanvasElement).dataset.frame));
  after.forEach((picture, at) => expect(picture).not.toBe(before[at]));

  const boxes = await page.$$eval('.tile', (tiles) => tiles.map((tile) => tile.getBoundingClientRect().toJSON() as DOMRect));
  expect(boxes).toHaveLength(4);
  for (const box of boxes) {
    expect(box.width * box.height).toBeGreaterThan(1600 * 1000 * 0.18);
    expect(box.right).toBeLessThanOrEqual(1600);
    expect(box.bottom).toBeLessThanOrEqual(1000);
  }
  // No controls but a link to each stream.
  const links = await page.$$eval(CONTROLS, (all) => all.map((control) => control.getAttribute('href')));
  expect(links).toEqual(ids.map((id) => `?stream=${id}`));
  expect(await page.isVisible('#research')).toBe(true);
  await keepScreenshot(page, 'wall');
  expect(pages.errors).toEqual([]);
  await page.click('.tile[data-stream=c]');
  await page.waitForSelector('#desk');
  expect(await page.textContent('h1')).toContain('Suite C');
}, 60_000);

/** The height of its capitals in minutes of arc, from three metres on a 24-inch screen of 1920 × 1080. */
const minutesOfArc = (page: Page, selector: string): Promise<readonly number[]> =>
  page.$$eval(selector, (all) =>
    all.map((element) => {
      const context = document.createElement('canvas').getContext('2d');
      if (!context) throw new Error('Expected a canvas');
      const { fontWeight, fontSize, fontFamily } = getComputedStyle(element);
      context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
      const millimetres = (context.measureText('H').actualBoundingBoxAscent * 298.9) / 1080;
      return (Math.atan(millimetres / 3000) * 180 * 60) / Math.PI;
    }),
  );

it.each([
  ['a kiosk', '?stream=b&kiosk', 3, 20],
  ['a wall of four', '?wall', 12, 16],
])(
  'shows state, age and largest lesion on %s in letters for three metres (ISO 9241-303)',
  async (_, query, facts, least) => {
    const page = await pages.open(`http://127.0.0.1:${server.port}/${query}`, { viewport: { width: 1920, height: 1080 } });
    await page.waitForSelector('body[data-connected=true]');
    await playRun(server, new Script('b'), 'r1', 12, 10);
    await shows(page, query === '?wall' ? 'key-b' : 'key', 'mask', 'r1/10/own');
    const sizes = await minutesOfArc(page, '.headline > span');
    expect(sizes).toHaveLength(facts);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(least);
    const texts = await page.$$eval(`${query === '?wall' ? '.tile[data-stream=b] ' : ''}.headline > span`, (all) =>
      all.map((one) => one.textContent),
    );
    expect(texts).toEqual([' Live', expect.stringMatching(/^\d\.\d s/), 'about 21 mm']);
    await keepScreenshot(page, query === '?wall' ? 'wall-far' : 'kiosk-far');
  },
  60_000,
);

it('shows on a wall why each source is lost, over no picture', async () => {
  const reasons = ['unauthorised', 'refused', 'no such device', 'not found'];
  const details = ['user name or password refused', 'connection refused', 'no such file or device', 'the server knows no such stream'];
  const page = await pages.open(`http://127.0.0.1:${server.port}/?wall`, { viewport: { width: 1920, height: 1080 } });
  await page.waitForSelector('body[data-connected=true]');
  ids.forEach((id, at) => server.say(new Script(id).state('lost', reasons[at], details[at])));
  await page.waitForFunction(() => document.querySelectorAll('.tile[data-state=lost]').length === 4);
  const words = await page.$$eval('.headline .state', (all) => all.map((one) => one.textContent?.trim()));
  expect(words).toEqual(['Wrong password', 'Refused', 'No device', 'Not found']);
  expect(await page.$$eval('.tile .reason', (all) => all.map((one) => one.textContent))).toEqual(details);
  expect(await page.isVisible('.tile .stale-overlay p')).toBe(false);
  await keepScreenshot(page, 'wall-reasons');
}, 60_000);

it('shows on a wall which stream is lost, while the others go on', async () => {
  const scripts = ids.map((id) => new Script(id));
  const page = await pages.open(`http://127.0.0.1:${server.port}/?wall`, { viewport: { width: 1600, height: 1000 } });
  await page.waitForSelector('body[data-connected=true]');
  await Promise.all(scripts.map((script) => playRun(server, script, `r-${script.stream}`, 12, 10)));
  const lost = scripts[1];
  if (lost) server.say(lost.state('lost', 'no answer'), lost.invalid('r-b', 10, 'source-lost'));
  await page.waitForSelector('.tile[data-stream=b][data-state=lost] .stale-overlay');
  expect(await page.textContent('.tile[data-stream=b] .state')).toContain('Signal lost');
  expect(await page.$$eval('.stale-overlay', (all) => all.length)).toBe(1);
  expect(await page.$eval('#live-b', (canvas) => (canvas as HTMLCanvasElement).dataset.mask)).toBe('');
  await keepScreenshot(page, 'wall-lost');
}, 60_000);

it('shows one stream in a kiosk, without controls, and takes no keys', async () => {
  const page = await pages.open(`http://127.0.0.1:${server.port}/?stream=b&kiosk`);
  await page.waitForSelector('body[data-connected=true]');
  await playRun(server, new Script('b'), 'r1', 12, 10);
  await shows(page, 'key', 'mask', 'r1/10/own');
  expect(await page.$$(CONTROLS)).toEqual([]);
  for (const key of ['1', 'k', 'r', 'f', '?', 'Escape']) await page.keyboard.press(key);
  await pause(300);
  expect(await page.getAttribute('body', 'data-mode')).toBe('kiosk');
  expect(await page.textContent('h1')).toContain('Suite B');
  await shows(page, 'key', 'mask', 'r1/10/own');
  expect(await page.$('#help, #review-panel')).toBeNull();
  await keepScreenshot(page, 'kiosk');
  expect(pages.errors).toEqual([]);
}, 60_000);

it('fits a phone held upright: nothing to scroll sideways, state and purpose in view', async () => {
  const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true };
  for (const query of ['', '?wall', '?stream=a&kiosk']) {
    const page = await pages.open(`http://127.0.0.1:${server.port}/${query}`, phone);
    await page.waitForSelector('body[data-connected=true]');
    await playRun(server, new Script('a'), `r${query.length}`, 12, 10);
    await page.waitForFunction(() => Array.from(document.querySelectorAll('canvas')).some(({ dataset }) => dataset.mask?.endsWith('/own')));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const pictures = await page.$$eval('canvas', (all) =>
      all.map((canvas) => canvas.getBoundingClientRect()).filter(({ width }) => width > 0),
    );
    for (const { width, height } of pictures) expect([width > 90, height > 60]).toEqual([true, true]);
    for (const selector of [query === '?wall' ? '.tile .state' : '#state', '#research']) {
      const box = await page.locator(selector).first().boundingBox();
      expect(box).not.toBeNull();
      expect([box!.x >= 0, box!.y >= 0, box!.x + box!.width <= 390, box!.y + box!.height <= 844]).toEqual([true, true, true, true]);
    }
    await keepScreenshot(page, `phone${query.replace(/[^a-z]+/g, '-')}`);
  }
  expect(pages.errors).toEqual([]);
}, 90_000);

it('holds no more memory after a minute on a wall', async () => {
  streams = simulatedStreams({ count: 4, rateHz: 6, every: 6 }, server.say);
  const url = `http://127.0.0.1:${server.port}/?wall`;
  const browser = await startChromium();
  try {
    const { slopes, errors, readings } = await soakWall(browser, url, { minutes: 1, samples: 20, tell: () => undefined });
    expect(errors).toEqual([]);
    const { slope = Infinity, error = 0 } = slopes.get('heap MB') ?? {};
    console.info(`Heap ${readings.at(-1)?.heapMb.toFixed(2)} MB, slope ${slope.toFixed(2)} ± ${error.toFixed(2)} MB a minute`);
    expect(slope - 2 * error).toBeLessThan(1);
    const nodes = readings.slice(5).map((reading) => reading.nodes);
    expect(Math.max(...nodes) - Math.min(...nodes)).toBeLessThan(50);
  } finally {
    await browser.close();
  }
}, 120_000);
