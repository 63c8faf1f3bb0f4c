import type { Page } from 'playwright-core';
import { Script } from '../../push/scripted';
import { serving, stopServing, type Serving } from '../../push/serving';
import { chromiumPages, keepScreenshot, pause, shows, viewFolder } from './chromium-pages';
import { playRun } from './scripted-run';

const pages = chromiumPages();
let server: Serving;
let page: Page;

beforeEach(async () => {
  server = await serving({ viewFolder });
  page = await pages.open('about:blank', { deviceScaleFactor: 1.5 });
});
afterEach(stopServing);

/** The colour of a canvas at a captured pixel, whose place follows from the sizes alone. */
function colourAt(canvas: string, x: number, y: number, width: number, height: number): Promise<readonly number[]> {
  return page.evaluate(
    ([id, px, py, w, h]) => {
      const element = document.getElementById(id) as HTMLCanvasElement;
      const scale = Math.min(element.width / w, element.height / h);
      const left = (element.width - w * scale) / 2;
      const top = (element.height - h * scale) / 2;
      return [...(element.getContext('2d')?.getImageData(Math.floor(left + px * scale), Math.floor(top + py * scale), 1, 1).data ?? [])];
    },
    [canvas, x, y, width, height] as const,
  );
}

const tint = ([red = 0, , blue = 0]: readonly number[]): number => red - blue;

it('shows the live picture, the key frame and its mask where they belong', async () => {
  const script = new Script('a');
  await page.goto(`http://127.0.0.1:${server.port}/`);
  await page.waitForSelector('body[data-connected=true]');
  await playRun(server, script, 'r1', 14, 10);
  await shows(page, 'key', 'mask', 'r1/10/own');
  await shows(page, 'live', 'frame', 'r1/13');
  await shows(page, 'live', 'mask', 'r1/10/outline');
  expect(await page.textContent('#live-mask-label')).toMatch(/^outline of key frame 10, \d\.\d s old$/);

  // As captured: the scripted mask covers x 135…185, y 70…120, the image area 60…260, 20…220; panels are black.
  const { width, height } = script;
  const at = (x: number, y: number): Promise<readonly number[]> => colourAt('key', x, y, width, height);
  expect(tint(await at(160, 95))).toBeGreaterThan(25);
  for (const outside of [await at(131, 95), await at(189, 95), await at(160, 66), await at(160, 124)])
    expect(tint(outside)).toBeLessThan(12);
  for (const inside of [await at(137, 95), await at(183, 95), await at(160, 72), await at(160, 118)])
    expect(tint(inside)).toBeGreaterThan(25);
  expect(Math.max(...(await colourAt('live', 30, 120, width, height)).slice(0, 3))).toBeLessThan(12);
  const [red = 0] = await colourAt('live', 70, 200, width, height);
  expect(Math.abs(red - 150)).toBeLessThan(8);
  expect(Math.abs(tint(await colourAt('live', 160, 95, width, height)))).toBeLessThan(6);

  expect(await page.textContent('#state')).toContain('Live');
  expect(await page.textContent('#run')).toBe('r1');
  expect(await page.textContent('#keyframe')).toBe('frame 10');
  expect(await page.textContent('#lesions strong')).toBe('about 21 mm');
  expect(await page.textContent('#model')).toBe('dsa-ltdnet 1.2.3 on cpu');
  await keepScreenshot(page, 'live');

  const painted = 'angiocast_annotation_delay_seconds_count{stream="a",until="painted"} 1';
  const metrics = async (): Promise<string> => (await server.get('/metrics')).text();
  for (let attempts = 0; attempts < 50 && !(await metrics()).includes(painted); attempts += 1) await pause(100);
  expect(await metrics()).toContain(painted);
  expect(pages.errors).toEqual([]);
}, 60_000);

it('draws the mask in full on the live picture while that is the key frame itself, and never after it became history', async () => {
  const script = new Script('a');
  await page.goto(`http://127.0.0.1:${server.port}/`);
  await page.waitForSelector('body[data-connected=true]');
  await playRun(server, script, 'r1', 11, 10);
  await shows(page, 'live', 'mask', 'r1/10/own');
  server.say(script.state('held', 'last image hold'));
  await page.waitForSelector('#state[data-state=held]');
  await keepScreenshot(page, 'held');
  server.say(script.invalid('r1', 10, 'new-run'), script.state('live'));
  await shows(page, 'live', 'mask', '');
  await shows(page, 'key', 'mask', 'r1/10/own');
  expect(await page.getAttribute('#key-panel', 'data-invalid')).toBe('true');
  expect(await page.textContent('#mask-state')).toBe('History (a new run has begun): frame 10 of run r1');
  await keepScreenshot(page, 'history');
}, 60_000);

it('shows everything after joining late; reports a lost server; reconnects by itself', async () => {
  const script = new Script('a');
  await playRun(server, script, 'r1', 12, 9);
  await page.goto(`http://127.0.0.1:${server.port}/`);
  await shows(page, 'key', 'mask', 'r1/9/own');
  await shows(page, 'live', 'frame', 'r1/11');
  const { port } = server;
  await server.push.close();
  await page.waitForSelector('#state[data-state=disconnected]', { timeout: 5000 });
  expect(await page.textContent('#state')).toContain('Disconnected');
  await page.waitForFunction(() => /^Picture .* old$/.test(document.getElementById('live-age')?.textContent ?? ''));
  await keepScreenshot(page, 'disconnected');
  server = await serving({ viewFolder, port });
  server.say(script.state('lost', 'no answer from the source'));
  await page.waitForSelector('#state[data-state=lost]', { timeout: 8000 });
  await keepScreenshot(page, 'lost');
}, 60_000);

it('lets one choose among several streams', async () => {
  await page.goto(`http://127.0.0.1:${server.port}/`);
  await page.waitForSelector('#streams button');
  await playRun(server, new Script('b', Date.now, 640, 360, { x: 140, y: 0, width: 360, height: 360 }), 'r2', 12, 9);
  await page.getByRole('button', { name: 'Suite B' }).click();
  await shows(page, 'key', 'mask', 'r2/9/own');
  expect(tint(await colourAt('key', 140 + 160, 135, 640, 360))).toBeGreaterThan(25);
  await keepScreenshot(page, 'second-stream');
}, 60_000);

it('shows nothing without the token, and everything with it', async () => {
  const guarded = await serving({ viewFolder, token: 'sesame' });
  const script = new Script('a');
  guarded.say(script.state('live'), script.picture(), script.run('r1', 'started', 2), script.frame('r1', 1));
  await page.goto(`http://127.0.0.1:${guarded.port}/`);
  await page.waitForSelector('#state[data-state=disconnected]');
  await pause(1000);
  expect(await page.getAttribute('body', 'data-connected')).toBe('false');
  await page.goto(`http://127.0.0.1:${guarded.port}/?token=sesame`);
  await shows(page, 'live', 'frame', 'r1/1');
}, 60_000);
