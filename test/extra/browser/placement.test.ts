import sharp from 'sharp';
import { decodeRunLengths } from '../../../src/mask/run-length';
import { MONITOR_HEIGHT, MONITOR_IMAGE_AREA, MONITOR_WIDTH } from '../../../src/phantom/feed/monitor';
import { Script, squareMask } from '../../push/scripted';
import { serving, stopServing } from '../../push/serving';
import { simulatedPatient } from '../../support/simulated-patient';
import { chromiumPages, shows, viewFolder } from './chromium-pages';
import { tintedPixels, screenshotOf, placeOf, overlapWith } from './screen-pixels';

const pages = chromiumPages();
const KEY_FRAME = 14;
const picture = { width: MONITOR_WIDTH, height: MONITOR_HEIGHT };
/** Half of what the fill adds at its usual opacity: 0.35 · (230 − 20). */
const HALF_TINT = 36;

afterEach(stopServing);

const sizes = [
  { width: 1500, height: 900 },
  { width: 900, height: 1400 },
  { width: 2100, height: 900 },
].flatMap((viewport) => [1, 2].map((ratio) => ({ viewport, ratio, name: `${viewport.width} × ${viewport.height} at ${ratio}` })));

const seen = new Map<string, string>();

/** A server that sends a key frame and its true mask. */
async function keyFrameShown() {
  const patient = simulatedPatient(7_760_003);
  const script = patient.script('a');
  const mask = patient.trueMask(KEY_FRAME);
  const server = await serving({ viewFolder });
  server.say(script.state('live'), script.picture(), script.run('r1', 'started', 2), script.frame('r1', KEY_FRAME));
  server.say(script.keyFrame('r1', KEY_FRAME, 'stabilised'), script.mask('r1', KEY_FRAME, 'stabilised', mask));
  return { server, mask };
}

it.each(sizes)(
  'fills the mask where it is on its picture, in a window of $name',
  async ({ viewport, ratio, name }) => {
    const { server, mask } = await keyFrameShown();
    const page = await pages.open(`http://127.0.0.1:${server.port}/`, { viewport, deviceScaleFactor: ratio });
    await shows(page, 'key', 'mask', 'r1/14/own');
    for (const key of ['c', 'l', 'd']) await page.keyboard.press(key);
    await page.waitForFunction(() => document.querySelectorAll('#controls [aria-pressed=true]').length === 1);
    await page.$eval('#key', (canvas) => canvas.scrollIntoView({ block: 'center' }));

    const screenshot = await screenshotOf(page);
    const bits = decodeRunLengths(mask.runLengths, mask.width * mask.height);
    for (const canvas of viewport.height > viewport.width ? ['#key'] : ['#key', '#live']) {
      const place = await placeOf(page, canvas, picture);
      const beside = place.box.width - picture.width * place.scale > place.box.height - picture.height * place.scale;
      const drawn = tintedPixels(screenshot, place, HALF_TINT);
      const iou = (dx = 0, dy = 0): number => overlapWith(drawn, bits, mask, MONITOR_IMAGE_AREA, dx, dy);
      const about = `${place.scale.toFixed(2)} screen pixels per captured pixel, bars ${beside ? 'beside' : 'above'}`;
      seen.set(`${name} ${canvas}`, `${iou().toFixed(4)}, ${about}`);
      // Where mask pixels are hardly larger than the screen's, the edge is as coarse as the screen.
      expect(iou()).toBeGreaterThanOrEqual(0.95);
      // It matches its place better than any place this far away, so it is off by less than half of that.
      const shift = Math.max(2, 1.5 / place.scale);
      for (const [dx, dy] of [[shift, 0], [-shift, 0], [0, shift], [0, -shift]] as const) expect(iou(dx, dy)).toBeLessThan(iou()); // prettier-ignore
    }
    expect(pages.errors).toEqual([]);
  },
  60_000,
);

it('fills the mask where it is on a wall, whose pictures come smaller', async () => {
  const { server, mask } = await keyFrameShown();
  const asked: unknown[] = [];
  const sent = new Set<string>();
  const settings = JSON.stringify({ fill: true, contour: false, liver: false, labels: false, opacity: 0.35, palette: 0 });
  const page = await pages.open(`http://127.0.0.1:${server.port}/?wall`, {
    viewport: { width: 1700, height: 700 },
    beforehand: async (opened) => {
      await opened.addInitScript((text) => localStorage.setItem('angiocast.settings', text), settings);
      opened.on('websocket', (socket) => {
        socket.on('framesent', ({ payload }) => asked.push(/"maxWidth":(\d+)/.exec(payload.toString())?.[1]));
        socket.on('framereceived', ({ payload }) => sent.add(/"encodedWidth":(\d+)/.exec(payload.toString('latin1'))?.[1] ?? ''));
      });
    },
  });
  await shows(page, 'key-a', 'mask', 'r1/14/own');
  expect([asked.filter((width) => width !== undefined), [...sent].filter((width) => width !== '')]).toEqual([['960'], ['960']]);
  const screenshot = await screenshotOf(page);
  const bits = decodeRunLengths(mask.runLengths, mask.width * mask.height);
  for (const canvas of ['#live-a', '#key-a']) {
    const place = await placeOf(page, canvas, picture);
    const drawn = tintedPixels(screenshot, place, HALF_TINT);
    const iou = (dx = 0, dy = 0): number => overlapWith(drawn, bits, mask, MONITOR_IMAGE_AREA, dx, dy);
    seen.set(`wall ${canvas}`, `${iou().toFixed(4)}, ${place.scale.toFixed(2)} screen pixels per captured pixel`);
    expect(iou()).toBeGreaterThanOrEqual(0.9);
    const shift = Math.max(2, 1.5 / place.scale);
    for (const [dx, dy] of [[shift, 0], [-shift, 0], [0, shift], [0, -shift]] as const) expect(iou(dx, dy)).toBeLessThan(iou()); // prettier-ignore
  }
  expect(pages.errors).toEqual([]);
}, 60_000);

it('shows a squeezed picture and its mask in their shape, and saves them so', async () => {
  const server = await serving({ viewFolder });
  const area = { x: 60, y: 20, width: 200, height: 200 };
  const script = new Script('a', Date.now, 320, 240, area, undefined, 2);
  server.say(script.state('live'), script.picture(), script.run('r1', 'started', 2), script.frame('r1', 1));
  server.say(script.keyFrame('r1', 1, 'stabilised'), script.mask('r1', 1, 'stabilised'));
  const page = await pages.open(`http://127.0.0.1:${server.port}/`, { viewport: { width: 1500, height: 900 } });
  await shows(page, 'key', 'mask', 'r1/1/own');
  const [saved] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('s')]);
  const { width = 0, height = 0 } = await sharp(await saved.path()).metadata();
  expect([width, height > 240 && height < 400]).toEqual([640, true]);
  for (const key of ['c', 'l', 'd']) await page.keyboard.press(key);
  await page.waitForFunction(() => document.querySelectorAll('#controls [aria-pressed=true]').length === 1);
  const mask = squareMask(area);
  const bits = decodeRunLengths(mask.runLengths, mask.width * mask.height);
  const drawn = tintedPixels(await screenshotOf(page), await placeOf(page, '#key', { width: 640, height: 240 }), HALF_TINT);
  expect(overlapWith(drawn, bits, mask, { x: 120, y: 20, width: 400, height: 200 })).toBeGreaterThanOrEqual(0.95);
  expect(pages.errors).toEqual([]);
}, 60_000);

it('has shown bars beside pictures and above them', () => {
  console.info(['Intersection over union on the screen with the mask that was sent', ...[...seen].map((one) => one.join(': '))].join('\n'));
  const all = [...seen.values()].join();
  expect(all).toContain('beside');
  expect(all).toContain('above');
});
