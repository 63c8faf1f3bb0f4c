import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Script } from '../../push/scripted';
import { serving, stopServing } from '../../push/serving';
import { chromiumPages, pause, viewFolder } from './chromium-pages';
import { tellRun } from './run-teller';
import { tintedOnCanvas } from './screen-pixels';

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
  await tellRun(server, script, 'r1', 12, 10);
  await page.waitForFunction(() => (document.getElementById('key') as HTMLCanvasElement).width === 320);
  expect(await page.textContent('#state')).toBe('a: live');
  // The scripted mask covers 50 × 50 captured pixels.
  expect(Math.abs((await tintedOnCanvas(page, 'key', 40)) - 2500)).toBeLessThan(250);
  server.say(script.invalid('r1', 10, 'new-run'));
  for (let tries = 0; tries < 30 && (await tintedOnCanvas(page, 'key', 40)) > 0; tries += 1) await pause(100);
  expect(await tintedOnCanvas(page, 'key', 40)).toBe(0);
}, 60_000);

it('shows nothing there when the origin is not allowed', async () => {
  const server = await serving({ viewFolder });
  const page = await pages.open(address(server.port));
  await pause(1000);
  await tellRun(server, new Script('a'), 'r1', 12, 10);
  await pause(500);
  expect(await page.textContent('#state')).not.toContain('live');
  expect(await tintedOnCanvas(page, 'key', 40)).toBe(0);
}, 60_000);
