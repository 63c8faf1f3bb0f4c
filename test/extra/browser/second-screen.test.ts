import type { Page } from 'playwright-core';
import { Script } from '../../push/scripted';
import { serving, stopServing, type Serving } from '../../push/serving';
import { chromiumPages, keepScreenshot, shows, viewFolder } from './chromium-pages';
import { playAcquisitions, playRun } from './scripted-run';

const pages = chromiumPages();
const script = new Script('a');
let server: Serving;

beforeEach(async () => {
  server = await serving({ viewFolder });
});
afterEach(stopServing);

const reviews = async (page: Page, run: string): Promise<string | null> => {
  await page.click(`#history button[data-run=${run}]`);
  await shows(page, 'review', 'mask', `${run}/10/own`);
  await page.waitForFunction(() => (document.getElementById('slider') as HTMLInputElement | null)?.max === '12', null, { timeout: 5000 });
  return page.textContent('#review-place');
};

it('looks through all pictures of earlier runs after a reload, and on a screen that comes later', async () => {
  const page = await pages.open(`http://127.0.0.1:${server.port}/?stream=a`);
  await page.waitForSelector('body[data-connected=true]');
  await playRun(server, script, 'r1', 13, 10);
  server.say(script.keyFrame('r1', 10, 'final'), script.mask('r1', 10, 'final'), script.run('r1', 'ended', 13));
  await shows(page, 'key', 'mask', 'r1/10/own');
  await playRun(server, script, 'r2', 13, 10);
  await shows(page, 'key', 'mask', 'r2/10/own');
  await page.reload();
  const later = await pages.open(`http://127.0.0.1:${server.port}/`);
  for (const screen of [page, later])
    for (const run of ['r1', 'r2']) {
      expect(await reviews(screen, run)).toMatch(/^frame 10, picture 11 of 13/);
      expect(await screen.textContent('#review-place')).not.toContain('not kept');
    }
  await page.keyboard.press('ArrowLeft');
  await shows(page, 'review', 'frame', 'r2/9');
  await keepScreenshot(page, 'review-after-reload');
  // The run goes on while it is under review.
  await playAcquisitions(server, script, 'r3', 4);
  await shows(page, 'review', 'frame', 'r2/9');
  expect(pages.errors).toEqual([]);
}, 60_000);

it('lists the runs of before at every reload', async () => {
  const page = await pages.open(`http://127.0.0.1:${server.port}/?stream=a`);
  await page.waitForSelector('body[data-connected=true]');
  await playRun(server, script, 'r4', 12, 10);
  await playAcquisitions(server, script, 'r5', 3);
  for (let reload = 0; reload < 10; reload += 1) {
    await page.reload();
    await page.waitForSelector('body[data-connected=true]');
    await page.waitForSelector('#history button[data-run=r4]', { timeout: 2000 });
  }
}, 60_000);
