import { Script } from '../../push/scripted';
import { serving, stopServing, type Serving } from '../../push/serving';
import { chromiumPages, keepScreenshot, shows, viewFolder } from './chromium-pages';
import { playRun } from './scripted-run';

const pages = chromiumPages();
let server: Serving;

beforeEach(async () => {
  server = await serving({ viewFolder });
});
afterEach(stopServing);

it('takes letters, digits and signs only as long as they are not switched off, arrows and Esc always', async () => {
  const page = await pages.open(`http://127.0.0.1:${server.port}/`);
  await page.waitForSelector('body[data-connected=true]');
  await playRun(server, new Script('a'), 'r1', 13, 10);
  await shows(page, 'key', 'mask', 'r1/10/own');
  await page.keyboard.press('?');
  await page.click('#single-keys');
  await page.keyboard.press('Escape');
  for (const key of ['k', 'r', 'f', '2', '+', '?']) await page.keyboard.press(key);
  expect(await page.getAttribute('body', 'data-mode')).toBe('desk');
  expect(await page.$('#help, #review-panel, #controls kbd')).toBeNull();
  expect(await page.textContent('h1')).toContain('Suite A');
  await page.reload();
  await page.waitForSelector('#controls');
  expect(await page.$('#controls kbd')).toBeNull();
  await page.click('#controls button:has-text("Review")');
  await shows(page, 'review', 'mask', 'r1/10/own');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.getElementById('review-panel'));
  await page.click('#controls button:has-text("Help")');
  await page.click('#single-keys');
  await page.keyboard.press('Escape');
  // Until the dialog has closed, its checkbox has the focus, and keys belong to it.
  await page.waitForFunction(() => !document.getElementById('help'));
  await page.keyboard.press('f');
  await page.waitForSelector('#controls button:first-child[aria-pressed=false]');
}, 60_000);

it('distinguishes pressed buttons and states in the colours of the user', async () => {
  const page = await pages.open(`http://127.0.0.1:${server.port}/?stream=nowhere`, { forcedColors: 'active' });
  await page.waitForSelector('body[data-connected=true]');
  await playRun(server, new Script('a'), 'r1', 13, 10);
  await shows(page, 'key', 'mask', 'r1/10/own');
  const colours = (selector: string): Promise<readonly string[]> =>
    page.$eval(selector, (element) => {
      const { backgroundColor, color } = getComputedStyle(element);
      return [backgroundColor, color];
    });
  const before = await colours('#controls button');
  await page.click('#controls button');
  const after = await colours('#controls button');
  expect([before[0] === after[0], before[1] === after[1]]).toEqual([false, false]);
  expect((await colours('#state'))[0]).toBe('rgb(76, 195, 138)');
  expect(await page.textContent('#notices')).toContain('There is no stream nowhere: this is a');
  await keepScreenshot(page, 'forced-colours');
}, 60_000);
