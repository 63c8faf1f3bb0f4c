import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { Script } from '../../push/scripted';
import { serving, stopServing, type Serving } from '../../push/serving';
import { chromiumPages, keepScreenshot, shows, viewFolder } from './chromium-pages';
import { playAcquisitions, playRun } from './scripted-run';

const pages = chromiumPages();
let server: Serving;

beforeEach(async () => {
  server = await serving({ viewFolder });
});
afterEach(stopServing);

/** What axe finds serious or critical, one line each. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const { violations, passes } = await inPage.run(document, { resultTypes: ['violations'] });
    if (passes.length < 10) throw new Error(`Expected axe to check much, got ${passes.length} rules that passed`);
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
}

it('finds what is wrong with a page', async () => {
  const page = await pages.open(`http://127.0.0.1:${server.port}/`);
  await page.waitForSelector('#state');
  await page.evaluate(() => {
    const dim = document.body.appendChild(document.createElement('p'));
    dim.textContent = 'hardly to be read';
    Object.assign(dim.style, { color: '#333', background: '#222' });
    document.body.append(document.createElement('button'));
  });
  expect((await findings(page)).map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(['button-name', 'color-contrast']));
}, 60_000);

const address = (query: string): string => `http://127.0.0.1:${server.port}/${query}`;

it.each(['live', 'held', 'lost'] as const)(
  'has no serious accessibility findings while %s',
  async (state) => {
    const script = new Script('a');
    const page = await pages.open(address(''));
    await page.waitForSelector('body[data-connected=true]');
    await playRun(server, script, 'r1', 13, 10);
    if (state === 'lost') server.say(script.invalid('r1', 10, 'source-lost'));
    server.say(script.state(state));
    await page.waitForSelector(`#state[data-state=${state}]`);
    await shows(page, 'key', 'mask', 'r1/10/own');
    expect(await findings(page)).toEqual([]);
  },
  60_000,
);

it('has none in a review, in a trace and in the help', async () => {
  const script = new Script('a');
  const page = await pages.open(address(''));
  await page.waitForSelector('body[data-connected=true]');
  await playRun(server, script, 'r1', 13, 10);
  server.say(script.run('r1', 'ended', 13), script.invalid('r1', 10, 'new-run'));
  await playAcquisitions(server, script, 'r2', 4);
  await page.keyboard.press('r');
  await shows(page, 'review', 'mask', 'r1/10/own');
  expect(await findings(page)).toEqual([]);
  await keepScreenshot(page, 'review');
  await page.keyboard.press('t');
  await page.waitForSelector('#trace [data-step=painted]');
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.waitForSelector('#help[open]');
  expect(await findings(page)).toEqual([]);
  await keepScreenshot(page, 'help');
}, 60_000);

it.each([
  ['on a wall', '?wall', {}],
  ['in a kiosk', '?stream=a&kiosk', {}],
  ['on a phone', '', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true }],
])(
  'has none %s',
  async (_where, query, options) => {
    const page = await pages.open(address(query), options);
    await page.waitForSelector('body[data-connected=true]');
    await playRun(server, new Script('a'), 'r1', 13, 10);
    await page.waitForFunction(() => Array.from(document.querySelectorAll('canvas')).some(({ dataset }) => dataset.mask?.endsWith('/own')));
    expect(await findings(page)).toEqual([]);
  },
  60_000,
);
