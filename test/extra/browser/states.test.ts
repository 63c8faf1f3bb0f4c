import type { Page } from 'playwright-core';
import { PICTURES_LATE, type StreamState } from '../../../src/event';
import { Script } from '../../push/scripted';
import { serving, stopServing } from '../../push/serving';
import { chromiumPages, keepScreenshot, pause, shows, viewFolder } from './chromium-pages';
import { tintedOnCanvas } from './screen-pixels';
import { playAcquisitions, playRun } from './scripted-run';

const pages = chromiumPages();

afterEach(stopServing);

/** A scripted server, and a page connected to it. */
async function connected() {
  const server = await serving({ viewFolder });
  const page = await pages.open(`http://127.0.0.1:${server.port}/`);
  await page.waitForSelector('body[data-connected=true]');
  return { server, script: new Script('a'), page };
}

const staleOverlay = (page: Page): Promise<string | null> =>
  page.evaluate(() => {
    const element = document.querySelector('#live-panel .stale-overlay');
    const box = element?.getBoundingClientRect();
    return element && box && box.width > 100 && box.height > 100 ? element.textContent : null;
  });

const states: readonly (readonly [StreamState, string, RegExp | null])[] = [
  ['held', 'Held', null],
  ['frozen', 'Frozen', /Frozen.*Picture \d+\.\d s old/],
  ['lost', 'Signal lost', /Signal lost.*Picture \d+\.\d s old/],
  ['ended', 'Ended', /Ended.*Picture \d+\.\d s old/],
];

it.each(states)(
  'names the state %s, and covers a picture that is not current',
  async (state, word, covered) => {
    const { server, script, page } = await connected();
    await playRun(server, script, 'r1', 13, 10);
    await shows(page, 'live', 'mask', 'r1/10/outline');
    expect(await staleOverlay(page)).toBeNull();
    server.say(script.state(state, `it is ${state}`));
    await page.waitForSelector(`#state[data-state=${state}]`);
    expect(await page.textContent('#state')).toContain(word);
    expect(await page.textContent('#reason')).toContain(`it is ${state}`);
    await pause(300);
    const text = await staleOverlay(page);
    if (covered) expect(text).toMatch(covered);
    else expect(text).toBeNull();
    await keepScreenshot(page, state);
    expect(pages.errors).toEqual([]);
  },
  60_000,
);

it('shows that pictures come late when a run goes on and none comes', async () => {
  const { server, script, page } = await connected();
  server.say(script.state('live'), script.picture());
  await playAcquisitions(server, script, 'r1', 8);
  await shows(page, 'live', 'frame', 'r1/7');
  expect(await page.getAttribute('#state', 'data-state')).toBe('live');
  await page.waitForSelector('#state[data-state=delayed]', { timeout: 10_000 });
  expect(await staleOverlay(page)).toMatch(/^ ?Delayed Picture [4-9]\.\d s old$/);
  await keepScreenshot(page, 'delayed');
}, 60_000);

it('calls pictures delayed that reach the server late', async () => {
  const { server, script, page } = await connected();
  server.say(script.state('live'), script.picture());
  server.say(script.state('frozen', PICTURES_LATE));
  await playAcquisitions(server, script, 'r1', 8);
  await shows(page, 'live', 'frame', 'r1/7');
  expect(await page.textContent('#state')).toMatch(/Delayed/);
  expect(await page.textContent('#reason')).toBe(PICTURES_LATE);
  expect(await staleOverlay(page)).toMatch(/^ ?Delayed Picture \d\.\d s old$/);
  await keepScreenshot(page, 'late');
}, 60_000);

it('leaves no pixel of a mask on the live picture once the source is lost, and dims the key frame', async () => {
  const { server, script, page } = await connected();
  await playRun(server, script, 'r1', 13, 10);
  await shows(page, 'live', 'mask', 'r1/10/outline');
  expect(await tintedOnCanvas(page, 'live')).toBeGreaterThan(200);
  server.say(script.state('lost', 'no answer from the source'), script.invalid('r1', 10, 'source-lost'));
  await page.waitForSelector('#state[data-state=lost]');
  await shows(page, 'live', 'mask', '');
  expect(await tintedOnCanvas(page, 'live')).toBe(0);
  expect(await page.getAttribute('#key-panel', 'data-invalid')).toBe('true');
  expect(await page.textContent('#mask-state')).toContain('History');
}, 60_000);

it('does not claim that there was no run where the server only stopped listing any', async () => {
  const { server, script, page } = await connected();
  expect(await page.textContent('#keyframe-status')).toBe('no run yet');
  server.say(script.state('live'), script.picture());
  await playAcquisitions(server, script, 'r1', 8);
  await shows(page, 'live', 'frame', 'r1/7');
  expect(await page.textContent('#keyframe-status')).toMatch(/contrast has not arrived/);
  await server.push.close();
  await page.waitForSelector('body[data-connected=false]');
  expect(await page.textContent('#run')).toBe('r1');
  expect(await page.textContent('#keyframe-status')).toBe('unknown: no word from the server');
}, 60_000);

it('never lays a mask on a picture of another run, also when it comes late', async () => {
  const { server, script, page } = await connected();
  await page.evaluate(() => {
    const shown: string[] = [];
    const watch = (id: string): void => {
      const canvas = document.getElementById(id);
      const note = (): void => void shown.push(`${id} ${canvas?.dataset.frame} ${canvas?.dataset.mask}`);
      if (canvas) new MutationObserver(note).observe(canvas, { attributes: true, attributeFilter: ['data-frame', 'data-mask'] });
    };
    watch('live');
    watch('key');
    Object.assign(globalThis, { shown });
  });
  await playRun(server, script, 'r1', 13, 10);
  await shows(page, 'live', 'mask', 'r1/10/outline');
  // A better mask of the run before arrives after the next run began, before it is called history.
  await playAcquisitions(server, script, 'r2', 5);
  server.say(script.keyFrame('r1', 9, 'final'), script.mask('r1', 9, 'final'));
  await playAcquisitions(server, script, 'r2', 9);
  await shows(page, 'live', 'frame', 'r2/8');
  await shows(page, 'key', 'mask', 'r1/9/own');
  expect(await page.getAttribute('#lesions', 'data-invalid')).toBe('true');
  expect(await page.textContent('#lesions')).toMatch(/^None of run r2 yet. Of run r1, frame 9:/);
  await keepScreenshot(page, 'earlier-run');
  expect(await tintedOnCanvas(page, 'live')).toBe(0);
  expect(await tintedOnCanvas(page, 'key')).toBeGreaterThan(200);

  const shown = await page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown);
  const drawn = shown.map((line) => /^(\w+) (\w+)\/(\d+) (?:(\w+)\/(\d+)\/(\w+))?$/.exec(line)).filter((parts) => parts?.[4] !== undefined);
  expect(drawn.length).toBeGreaterThan(3);
  for (const parts of drawn) {
    const [, , pictureRun, picture, maskRun, mask, kind] = parts ?? [];
    expect(maskRun).toBe(pictureRun);
    if (kind === 'own') expect(mask).toBe(picture);
  }
  expect(pages.errors).toEqual([]);
}, 60_000);

it('shows a run without contrast as not assessed, wherever a mask would be named', async () => {
  const { server, script, page } = await connected();
  const screens = [
    page,
    ...(await Promise.all(['?wall', '?stream=a&kiosk'].map((query) => pages.open(`http://127.0.0.1:${server.port}/${query}`)))),
  ];
  await Promise.all(screens.map((screen) => screen.waitForSelector('body[data-connected=true]')));
  server.say(script.state('live'), script.picture());
  await playAcquisitions(server, script, 'r1', 11);
  const keyFrame = script.keyFrame('r1', 1, 'final');
  if (keyFrame.kind !== 'keyframe') throw new Error('Expected a key frame');
  const final = { ...keyFrame, assessed: false, reason: 'no contrast in this run' };
  server.say(final, script.run('r1', 'ended', 11), script.state('held'));
  const [desk] = screens;
  await page.waitForFunction(() => document.getElementById('lesions')?.textContent === 'Not assessed: no contrast in this run');
  expect(await desk?.textContent('#keyframe')).toBe('none');
  expect(await desk?.$('#chart g.final')).toBeNull();
  expect(await desk?.textContent('#mask-state')).toBe('not assessed: no contrast in this run');
  await desk?.waitForSelector('#history button:has-text("not assessed: no contrast in this run")');
  await Promise.all(screens.slice(1).map((screen) => screen.waitForSelector('.headline .largest-lesion:has-text("not assessed")')));
  for (const screen of screens) expect(await screen.textContent('body')).not.toMatch(/no tumour/i);
  for (const [at, name] of ['desk', 'wall', 'kiosk'].entries()) await keepScreenshot(screens[at] as Page, `not-assessed-${name}`);
  expect(pages.errors).toEqual([]);
}, 60_000);

it('covers the last image where the monitor is blank', async () => {
  const { server, script, page } = await connected();
  await playRun(server, script, 'r1', 13, 10);
  server.say(script.run('r1', 'ended', 13), script.state('held', 'blank picture'));
  await page.waitForSelector('#state[data-state=blank]');
  expect(await staleOverlay(page)).toMatch(/Blank.*Picture \d+\.\d s old/);
  await keepScreenshot(page, 'blank');
}, 60_000);

it('shows the key frame of the run that the monitor shows once more, and the latest one afterwards', async () => {
  const { server, script, page } = await connected();
  await playRun(server, script, 'r1', 13, 10);
  server.say(script.run('r1', 'ended', 13));
  await playRun(server, script, 'r2', 13, 11);
  server.say(script.run('r2', 'ended', 13), script.state('held', 'replay', undefined, 'r1'));
  await page.waitForSelector('#state[data-state=replay]');
  expect(await page.textContent('#mask-state')).toMatch(/^shown once more: frame 10 of run r1, /);
  expect(await page.textContent('#run')).toBe('r1');
  await shows(page, 'key', 'mask', 'r1/10/own');
  expect(await staleOverlay(page)).toMatch(/Replay.*Picture \d+\.\d s old/);
  await keepScreenshot(page, 'replay');
  server.say(script.state('held', 'last image hold'));
  await page.waitForFunction(() => document.getElementById('mask-state')?.textContent?.startsWith('frame 11 of run r2'));
}, 60_000);

it('shows Disconnected over the last picture when the server is gone, and removes the outline', async () => {
  const { server, script, page } = await connected();
  await playRun(server, script, 'r1', 13, 10);
  await shows(page, 'live', 'mask', 'r1/10/outline');
  await server.push.close();
  await page.waitForSelector('#state[data-state=disconnected]');
  await shows(page, 'live', 'mask', '');
  expect(await tintedOnCanvas(page, 'live')).toBe(0);
  expect(await staleOverlay(page)).toMatch(/Disconnected/);
  expect(await page.textContent('#mask-state')).toContain('Last known');
}, 60_000);

it('shows that there is no mask because an inference failed, and why there are no sizes in mm', async () => {
  const { server, script, page } = await connected();
  const failure = { kind: 'failure', stream: 'a', at: Date.now(), again: false, reason: 'crashed', message: 'out of memory' } as const;
  server.say(script.state('live'), script.picture(), script.run('r1', 'started', 2), script.frame('r1', 1));
  server.say(script.keyFrame('r1', 1, 'stabilised'), { ...failure, run: 'r1', frame: 1 });
  const says = (selector: string, words: string) =>
    page.waitForFunction(([at, text]) => document.querySelector(at ?? '')?.textContent?.includes(text ?? ''), [selector, words]);
  await says('#mask-state', 'no mask: inference failed (run r1, frame 1)');
  await says('#lesions', 'No mask: inference failed (run r1, frame 1)');
  const mask = script.mask('r1', 1, 'final');
  if (mask.kind !== 'mask') throw new Error('Expected a mask');
  const [lesion] = mask.mask.lesions;
  const lesions = lesion ? [{ ...lesion, areaMm2: null, longestDiameterMm: null }] : [];
  server.say({ ...mask, mask: { ...mask.mask, lesions }, pixelSpacingMm: null, spacingVoid: 'the picture is 8 × 6 now' });
  await says('#lesions', 'No sizes in mm: the picture is 8 × 6 now');
  expect(await page.textContent('#lesions strong')).toBe('about 71 px');
  expect(pages.errors).toEqual([]);
}, 60_000);
