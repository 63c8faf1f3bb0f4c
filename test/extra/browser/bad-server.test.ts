import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { WebSocketServer, type WebSocket } from 'ws';
import type { FrameMessage } from '../../../src/protocol/messages';
import { encodeBinary } from '../../../src/push/websocket/encode-message.node';
import { toMaskMessage } from '../../../src/push/websocket/to-message';
import { Script, squareMask } from '../../push/scripted';
import { chromiumPages, keepScreenshot, shows, viewFolder } from './chromium-pages';

const pages = chromiumPages();
const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
const script = new Script('a');
const capturedAt = Date.now();
let server: Server;
let sockets: WebSocketServer;
let screen: Promise<WebSocket>;
let seq = 0;

const envelope = (): { seq: number; stream: string; at: number } => ({ seq: (seq += 1), stream: 'a', at: Date.now() });
const message = (fields: object): string => JSON.stringify({ ...envelope(), ...fields });

/** A server that sends what the test gives it. */
beforeEach(async () => {
  server = createServer((request, response) => {
    const name = request.url === '/' ? 'index.html' : (request.url ?? '').slice(1).split('?')[0];
    try {
      const file = readFileSync(join(viewFolder, name ?? ''));
      response.setHeader('Content-Type', types[name?.split('.').at(-1) ?? ''] ?? 'text/plain').end(file);
    } catch {
      response.writeHead(404).end('<not json>');
    }
  });
  sockets = new WebSocketServer({ server });
  screen = new Promise((resolve) => sockets.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const socket of sockets.clients) socket.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const row = {
  id: 'a', name: 'Suite A', state: 'live', reason: '', width: null, height: null, imageArea: null, acquisitionRateHz: null, captureRateHz: null,
  pixelAspect: null, imageAreaSettled: null, planes: [], lastFailure: null,
  provider: null, model: null, run: null, frames: { captured: 0, unique: 0, repeated: 0, dropped: {} },
}; // prettier-ignore

async function greeted(): Promise<{ readonly page: Page; readonly socket: WebSocket }> {
  const { port } = server.address() as AddressInfo;
  const page = await pages.open(`http://127.0.0.1:${port}/`);
  const socket = await screen;
  const hello = {
    type: 'hello',
    seq: 0,
    stream: null,
    at: Date.now(),
    protocol: 'angiocast.v1',
    server: 'bad/1',
    epoch: 'e',
    streams: [row],
  };
  socket.send(JSON.stringify(hello));
  socket.send(message({ type: 'stream', state: 'live', reason: '' }));
  socket.send(message({ type: 'run', run: 'r1', phase: 'started', acquisitions: 2, startedAt: capturedAt }));
  return { page, socket };
}

const frameFacts = (number: number, width = 320, height = 240): FrameMessage => ({
  type: 'frame',
  run: 'r1',
  frame: number,
  capturedAt: capturedAt + number * 100,
  width,
  height,
  encodedWidth: width,
  encodedHeight: height,
  pixelAspect: 1,
  encoding: 'jpeg',
  repeated: false,
});

async function frame(number: number, width = 320, height = 240, real = { width, height }): Promise<Uint8Array> {
  const picture = sharp({ create: { ...real, channels: 3, background: '#888' } });
  return encodeBinary(envelope(), frameFacts(number, width, height), await picture.jpeg().toBuffer());
}

function mask(number: number, runLengths = squareMask(script.imageArea).runLengths): Uint8Array {
  const event = script.mask('r1', number, 'stabilised');
  if (event.kind !== 'mask') throw new Error('Expected a mask');
  const facts = toMaskMessage({ ...event, capturedAt: capturedAt + number * 100 }, Date.now(), 'c'.repeat(32));
  return encodeBinary(envelope(), facts, runLengths);
}

type Sent = string | Uint8Array | Promise<string | Uint8Array>;
const nonsense: readonly (readonly [string, () => Sent, RegExp])[] = [
  ['a message that is no JSON', () => '{"type":', /no JSON/],
  ['a message of an unknown type', () => message({ type: 'weather', sunny: true }), /weather/],
  ['a message with a wrong field', () => message({ type: 'stream', state: 'asleep', reason: '' }), /state/],
  ['a binary message that is cut short', () => Uint8Array.of(255, 255, 0, 0, 1), /cut short/],
  ['a message of 40 MiB', () => new Uint8Array(40 * 2 ** 20), /40 MiB/],
  ['a mask whose run lengths do not add up', () => mask(3, Uint8Array.of(5, 5)), /run lengths/i],
  ['a picture of 0 × 0', async () => encodeBinary(envelope(), frameFacts(4, 0, 0), new Uint8Array(0)), /0 × 0|width|greater|at least/i],
  ['a picture of 9000 pixels across', async () => frame(4, 9000, 16), /9000/],
  ['a picture that is none', () => encodeBinary(envelope(), frameFacts(4), Uint8Array.of(1, 2, 3)), /decoded/],
  ['a picture of another size than announced', () => frame(5, 320, 240, { width: 64, height: 48 }), /64 × 48/],
]; // prettier-ignore

it.each(nonsense)(
  'reports that it was sent %s, and goes on',
  async (_what, wrong, expected) => {
    const { page, socket } = await greeted();
    socket.send(await frame(2));
    await shows(page, 'live', 'frame', 'r1/2');
    socket.send(await wrong());
    await page.waitForSelector('#notices p');
    expect(await page.textContent('#notices')).toMatch(expected);
    socket.send(await frame(10));
    socket.send(mask(10));
    await shows(page, 'live', 'frame', 'r1/10');
    await shows(page, 'key', 'mask', 'r1/10/own');
    expect(await page.getAttribute('body', 'data-connected')).toBe('true');
  },
  60_000,
);

it('shows a picture of 8000 pixels across', async () => {
  const { page, socket } = await greeted();
  socket.send(await frame(2, 8000, 4500));
  await shows(page, 'live', 'frame', 'r1/2');
  expect(await page.$('#notices p')).toBeNull();
}, 60_000);

it('counts what keeps coming, shows the newest picture whatever the order, and stays usable', async () => {
  const { page, socket } = await greeted();
  for (const number of [7, 9, 8]) socket.send(await frame(number));
  await shows(page, 'live', 'frame', 'r1/9');
  for (let count = 0; count < 500; count += 1) socket.send('{"type":');
  for (let count = 0; count < 20; count += 1) socket.send(message({ type: `kind-${count}` }));
  await page.waitForSelector('#notices [data-count="500"]');
  expect(await page.$$eval('#notices p', (all) => all.length)).toBeLessThanOrEqual(5);
  await keepScreenshot(page, 'bad-server');
  await page.keyboard.press('?');
  await page.waitForSelector('#help[open]');
}, 60_000);
