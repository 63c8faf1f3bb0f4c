import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { Rect } from '../../../src/frame';
import { Script } from '../../push/scripted';
import { serving, stopServing } from '../../push/serving';
import { chromiumPages, keepScreenshot, shows, viewFolder } from './chromium-pages';
import { type Screenshot, screenshotOf, placeOf } from './screen-pixels';
import { playRun } from './scripted-run';

const pages = chromiumPages();
/** Lighter than anything on these pictures, also where the screen blurs it. */
const WHITE = 170;
const area = { x: 60, y: 20, width: 200, height: 200 };
const planes = [
  { x: 400, y: 40, width: 220, height: 320 },
  { x: 20, y: 40, width: 340, height: 320 },
];

afterEach(stopServing);

/** The share of a rectangle's outline that is white, but for its upper side with the name. `scaleX`: of the pixels. */
async function outlined(page: Page, canvas: string, picture: { width: number; height: number }, rect: Rect, scaleX = 1): Promise<number> {
  const screenshot = await screenshotOf(page);
  const place = await placeOf(page, canvas, { width: picture.width * scaleX, height: picture.height });
  const at = (x: number, y: number) => [place.left + x * scaleX * place.scale, place.top + y * place.scale] as const;
  const [[left, top], [right, bottom]] = [at(rect.x, rect.y), at(rect.x + rect.width, rect.y + rect.height)];
  const steps = Array.from({ length: 40 }, (_, n) => (n + 0.5) / 40);
  const points = steps.flatMap((share) => [
    [left + share * (right - left), bottom],
    [left, top + share * (bottom - top)],
    [right, top + share * (bottom - top)],
  ]);
  return points.filter(([x = 0, y = 0]) => isLight(screenshot, x, y)).length / points.length;
}

function isLight({ width, rgb }: Screenshot, x: number, y: number): boolean {
  for (let dy = -2; dy <= 2; dy += 1)
    for (let dx = -2; dx <= 2; dx += 1) {
      const from = ((Math.floor(y) + dy) * width + Math.floor(x) + dx) * 3;
      if (Math.min(rgb[from] ?? 0, rgb[from + 1] ?? 0, rgb[from + 2] ?? 0) >= WHITE) return true;
    }
  return false;
}

it.each([
  [{ width: 1500, height: 900 }, 1],
  [{ width: 1500, height: 900 }, 2],
  [{ width: 390, height: 844 }, 3],
])(
  'outlines the image area where it lies, as long as that is switched on, in a window of %j at %d',
  async (viewport, ratio) => {
    const server = await serving({ viewFolder });
    const script = new Script('a');
    await playRun(server, script, 'r1', 13, 10);
    // In a run that goes on, a picture that no other follows is soon called delayed.
    server.say(script.run('r1', 'ended', 13));
    const page = await pages.open(`http://127.0.0.1:${server.port}/`, { viewport, deviceScaleFactor: ratio });
    await shows(page, 'key', 'mask', 'r1/10/own');
    expect(await outlined(page, '#key', { width: 320, height: 240 }, area)).toBeLessThan(0.1);
    await page.keyboard.press('a');
    await shows(page, 'live', 'area', '60,20,200,200');
    await shows(page, 'key', 'area', '60,20,200,200');
    await keepScreenshot(page, `image-area-${viewport.width}-${ratio}`);
    // The label on the live picture may cover a line.
    expect(await outlined(page, '#live', { width: 320, height: 240 }, area)).toBeGreaterThan(0.6);
    expect(await outlined(page, '#key', { width: 320, height: 240 }, area)).toBeGreaterThan(0.97);
    const off = 10 / ratio;
    expect(await outlined(page, '#key', { width: 320, height: 240 }, { ...area, x: area.x + off, y: area.y + off })).toBeLessThan(0.2);
    await page.reload();
    await shows(page, 'live', 'area', '60,20,200,200');
    await page.click('#controls button:has-text("Area")');
    await shows(page, 'live', 'area', '');
    expect(pages.errors).toEqual([]);
  },
  60_000,
);

it('outlines it in the shape of squeezed pictures, and in saved ones', async () => {
  const server = await serving({ viewFolder });
  await playRun(server, new Script('a', Date.now, 320, 240, area, undefined, 2), 'r1', 13, 10);
  const page = await pages.open(`http://127.0.0.1:${server.port}/`);
  await shows(page, 'key', 'mask', 'r1/10/own');
  await page.keyboard.press('a');
  await shows(page, 'live', 'area', '60,20,200,200');
  expect(await outlined(page, '#live', { width: 320, height: 240 }, area, 2)).toBeGreaterThan(0.97);
  const [saved] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('s')]);
  const { data, info } = await sharp(await saved.path()).removeAlpha().raw().toBuffer({ resolveWithObject: true }); // prettier-ignore
  const right = Array.from({ length: 150 }, (_, n) => isLight({ ...info, rgb: data }, 520, 50 + n));
  expect(right.filter(Boolean).length).toBeGreaterThan(135);
}, 60_000);

it('shows both planes with their numbers, also on a wall whose pictures come smaller, and how to choose', async () => {
  const server = await serving({ viewFolder });
  const script = new Script('a', Date.now, 1280, 400, planes[1]);
  const hint = 'two X-ray images: 20,40,340,320 is taken; plane=1 keeps it, plane=2 takes 400,40,220,320';
  server.say(script.state('live'), script.picture({ planes, hint }), script.frame(null, null));
  const context = { viewport: { width: 1700, height: 700 } };
  const page = await pages.open(`http://127.0.0.1:${server.port}/`, context);
  await shows(page, 'live', 'frame', '/');
  expect(await page.textContent('#area')).toBe(hint);
  await page.keyboard.press('a');
  await shows(page, 'live', 'area', '20,40,340,320;400,40,220,320');
  await keepScreenshot(page, 'planes');
  const picture = { width: 1280, height: 400 };
  expect(await outlined(page, '#live', picture, planes[1]!)).toBeGreaterThan(0.97);
  const broken = await outlined(page, '#live', picture, planes[0]!);
  expect([broken > 0.4, broken < 0.9]).toEqual([true, true]);
  await page.goto(`http://127.0.0.1:${server.port}/?wall`);
  await shows(page, 'live-a', 'area', '20,40,340,320;400,40,220,320');
  expect(await outlined(page, '#live-a', picture, planes[1]!)).toBeGreaterThan(0.97);
  expect(await page.textContent('.tile[data-stream=a] .reason')).toBe(hint);
  await keepScreenshot(page, 'planes-wall');
  expect(pages.errors).toEqual([]);
}, 60_000);

it('shows that the area is not settled, where it is, and that it stands still', async () => {
  const server = await serving({ viewFolder });
  const script = new Script('a');
  server.say(script.state('live'), script.picture({ settled: false }), script.frame(null, null));
  const page = await pages.open(`http://127.0.0.1:${server.port}/`);
  const says = (words: string) =>
    page.waitForFunction((wanted) => document.getElementById('area')?.textContent?.includes(wanted) === true, words);
  await says('image area not settled');
  server.say(script.picture());
  await says('image area 60,20,200,200');
  expect(await page.getAttribute('#area', 'data-alarm')).toBe('false');
  const hint =
    'the image area 60,20,200,200 stands still while 0,0,50,200 changes like X-ray: if that is the live image, give it as imageArea';
  server.say(script.picture({ hint, planes: [{ x: 0, y: 0, width: 50, height: 200 }] }), script.state('held', hint));
  await says(hint);
  await page.keyboard.press('a');
  await shows(page, 'live', 'area', '0,0,50,200;60,20,200,200');
  await keepScreenshot(page, 'area-stands-still');
  await page.keyboard.press('k');
  await page.waitForFunction((wanted) => document.getElementById('reason')?.textContent?.includes(wanted) === true, hint);
  await keepScreenshot(page, 'area-kiosk');
}, 60_000);
