import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Script } from '../../push/scripted';
import { serving, stopServing } from '../../push/serving';
import { chromiumPages, pause, viewFolder } from './chromium-pages';
import { tintedOnCanvas } from './screen-pixels';
import { playRun } from './scripted-run';

const pages = chromiumPages();
const example = readFileSync(join(__dirname, '../../../examples/page.html'));
let elsewhere: Server;
let origin = '';

beforeEach(async () => {
  elsewhere = createServer((_request, response) => void response.setHeader('Content-Type', 'text/html').end(example));
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await stopServing();
  elsewhere.closeAllConnections();
  await new Promise((resolve) => elsewhere.close(resolve));
});

const address = (port: number): string => `${origin}/page.html?server=${encodeURIComponent(`http://127.0.0.1:${port}/`)}`;

it('shows key frame and mask in a page of another origin that is allowed', async () => {
  const server = await serving({ viewFolder, allowedOrigins: [origin] });
  const script = new Script('a');
  const page = await pages.open(address(server.port));
  await page.waitForFunction(() => document.getElementById('state')?.textContent?.includes('open'));
  await playRun(server, script, 'r1', 12, 10);
  await page.waitForFunction(() => (document.getElementById('key') as HTMLCanvasElement).width === 320);
  expect(await page.textContent('#state')).toBe('a: live');
  // The scripted mask covers 50 × 50 captured pixels.
  expect(Math.abs((await tintedOnCanvas(page, 'key', 40)) - 2500)).toBeLessThan(250);
  server.say(script.invalid('r1', 10, 'new-run'));
  for (let tries = 0; tries < 30 && (await tintedOnCanvas(page, 'key', 40)) > 0; tries += 1) await pause(100);
  expect(await tintedOnCanvas(page, 'key', 40)).toBe(0);
}, 60_000);

it('shows there why it is refused', async () => {
  const server = await serving({ viewFolder, token: 'let-me-read-this', allowedOrigins: [origin] });
  const page = await pages.open(address(server.port));
  const says = (words: string) => page.waitForFunction((text) => document.getElementById('state')?.textContent?.includes(text), words);
  await says('refused: Expected a token');
  const other = await serving({ viewFolder, token: 'let-me-read-this' });
  await page.goto(address(other.port));
  await says('refused: Expected a token');
}, 60_000);

it('is read over HTTP by a page of another origin that is allowed, token and all', async () => {
  const token = 'let-me-read-this';
  const server = await serving({ viewFolder, token, allowedOrigins: [origin] });
  const page = await pages.open(`${origin}/?server=${encodeURIComponent(`http://127.0.0.1:${server.port}/`)}`);
  const rows = await page.evaluate(
    async ([address, secret]) => {
      const answer = await fetch(`${address}/api/v1/streams`, { headers: { Authorization: `Bearer ${secret}` } });
      return (await answer.json()) as readonly { readonly id: string }[];
    },
    [`http://127.0.0.1:${server.port}`, token],
  );
  expect(rows.map(({ id }) => id)).toEqual(['a', 'b']);
}, 60_000);

it.each([true, false])(
  'is shown in a frame of another page where that is allowed: %s',
  async (isAllowed) => {
    const server = await serving({ viewFolder, frameAncestors: isAllowed ? [origin] : [] });
    const page = await pages.open(`${origin}/`);
    await page.evaluate(
      (address) => document.body.append(Object.assign(document.createElement('iframe'), { src: address })),
      `http://127.0.0.1:${server.port}/`,
    );
    await pause(1500);
    const shown = await page
      .frames()
      .find((frame) => frame !== page.mainFrame())
      ?.locator('#state')
      .count();
    expect(shown).toBe(isAllowed ? 1 : 0);
  },
  60_000,
);

it('shows nothing there when the origin is not allowed', async () => {
  const server = await serving({ viewFolder });
  const page = await pages.open(address(server.port));
  await pause(1000);
  await playRun(server, new Script('a'), 'r1', 12, 10);
  await pause(500);
  expect(await page.textContent('#state')).not.toContain('live');
  expect(await tintedOnCanvas(page, 'key', 40)).toBe(0);
}, 60_000);
