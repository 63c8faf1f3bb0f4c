import type { Page } from 'playwright-core';
import type { MaskEvent } from '../../../src/event';
import type { KeyFrameTrace } from '../../../src/tracing/key-frame-trace';
import { Script } from '../../push/scripted';
import { serving, stopServing, type Serving } from '../../push/serving';
import { chromiumPages, keepScreenshot, shows, viewFolder } from './chromium-pages';
import { playAcquisitions } from './scripted-run';

const pages = chromiumPages();
let server: Serving;

beforeEach(async () => {
  server = await serving({ viewFolder });
});
afterEach(stopServing);

/** A run and its mask with the given times, in milliseconds from the deciding capture, which is now. */
async function tellTraced(script: Script, run: string, times: Omit<MaskEvent['timing'], 'capturedAt' | 'acquiredAt'>): Promise<void> {
  server.say(script.state('live'), script.picture());
  await playAcquisitions(server, script, run, 12);
  const keyFrame = script.keyFrame(run, 9, 'stabilised');
  const mask = script.mask(run, 9, 'stabilised');
  if (keyFrame.kind !== 'keyframe' || mask.kind !== 'mask') throw new Error('Expected a key frame and its mask');
  const capturedAt = script.acquisition(run, 11).frame.capturedAt;
  const { detectedAt, inferenceStartedAt, inferenceEndedAt, anticipated } = times;
  const timing = {
    ...{ capturedAt, acquiredAt: capturedAt, anticipated, detectedAt: capturedAt + detectedAt },
    ...{ inferenceStartedAt: capturedAt + inferenceStartedAt, inferenceEndedAt: capturedAt + inferenceEndedAt },
  };
  server.say({ ...keyFrame, decidedBy: capturedAt }, { ...mask, timing });
}

interface DrawnRow {
  readonly step: string;
  readonly left: number;
  readonly right: number;
}

/** The bars on the screen, in shares of the axis. */
const drawn = (page: Page): Promise<readonly DrawnRow[]> =>
  page.$$eval('#trace tbody tr', (rows) =>
    rows.map((row) => {
      const axis = row.querySelector('.axis')?.getBoundingClientRect();
      const bar = row.querySelector('.bar')?.getBoundingClientRect();
      if (!axis || !bar) throw new Error('Expected an axis and a bar');
      const share = (x: number): number => (x - axis.left) / axis.width;
      return { step: row.querySelector('th')?.textContent ?? '', left: share(bar.left), right: share(bar.right) };
    }),
  );

async function opened(options: Parameters<typeof pages.open>[1] = {}): Promise<Page> {
  const page = await pages.open(`http://127.0.0.1:${server.port}/`, options);
  await page.waitForSelector('body[data-connected=true]');
  return page;
}

it('draws the trace of the mask, step by step up to this very screen', async () => {
  const page = await opened();
  await page.keyboard.press('t');
  expect(await page.textContent('#trace')).toContain('No trace');
  const times = { detectedAt: 4, inferenceStartedAt: 6, inferenceEndedAt: 8, anticipated: false };
  await tellTraced(new Script('a'), 'r1', times);
  await shows(page, 'key', 'mask', 'r1/9/own');
  await page.waitForSelector('#trace [data-step=painted]');
  const [trace] = (await (await server.get('/api/v1/runs/r1/trace')).json()) as readonly KeyFrameTrace[];
  expect(await page.getAttribute('#trace', 'data-trace')).toBe(trace?.traceId);
  expect(await page.textContent('#trace caption')).toMatch(
    /^Key frame 9 of run r1, stabilised: published .* ms after .* on the last screen after /,
  );

  const rows = await drawn(page);
  expect(rows.map(({ step }) => step)).toEqual([
    ...['capture', 'acquire', 'detect', 'queue', 'infer', 'encode', 'publish', 'delivered client-1', 'painted client-1'],
  ]);
  const at = (step: string): DrawnRow => rows.find((row) => row.step === step) ?? { step, left: NaN, right: NaN };
  const near = 0.02;
  expect(Math.abs(at('detect').left - at('acquire').right)).toBeLessThan(near);
  expect(Math.abs(at('infer').left - at('queue').right)).toBeLessThan(near);
  expect(Math.abs(at('delivered client-1').left - at('publish').right)).toBeLessThan(near);
  expect(Math.abs(at('painted client-1').right - 1)).toBeLessThan(near);
  for (const { left, right } of rows) expect([left > -near, right < 1 + near]).toEqual([true, true]);
  await keepScreenshot(page, 'trace');
  await page.keyboard.press('t');
  await page.waitForSelector('#chart');
  expect(pages.errors).toEqual([]);
}, 60_000);

it('shows an inference ahead of the decision, on a phone, and of a run under review', async () => {
  const page = await opened({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
  await page.getByRole('button', { name: 'Trace' }).click();
  const script = new Script('a');
  await tellTraced(script, 'r1', { detectedAt: 4, inferenceStartedAt: -900, inferenceEndedAt: -850, anticipated: true });
  await page.waitForSelector('#trace [data-step=infer] .bar[data-kind=ahead][data-cut=true]');
  await page.waitForSelector('#trace [data-step=painted]');
  expect(await page.textContent('#trace [data-step=infer]')).toContain('−900');
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
  await page.locator('#trace').scrollIntoViewIfNeeded();
  await keepScreenshot(page, 'trace-on-a-phone');

  server.say(script.run('r1', 'ended', 12), script.invalid('r1', 9, 'new-run'));
  await tellTraced(script, 'r2', { detectedAt: 4, inferenceStartedAt: 5, inferenceEndedAt: 90, anticipated: false });
  await page.waitForFunction(() => document.querySelector('#trace caption')?.textContent?.includes('run r2'));
  await page.locator('[data-run=r1]').click();
  await page.waitForFunction(() => document.querySelector('#trace caption')?.textContent?.includes('run r1'));
  expect(pages.errors).toEqual([]);
}, 60_000);
