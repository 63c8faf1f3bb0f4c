import { connect, type Socket } from 'node:net';
import { clientAddress } from '../../src/push/access/access-request';
import { ROOM_PER_ADDRESS } from '../../src/push/access/limits';
import type { PushOptions } from '../../src/push/serve-push.node';
import { perSecond } from '../../src/push/websocket/flow-control';
import { Screen } from './screen';
import { Script } from './scripted';
import { serving, stopServing, type Serving } from './serving';

const screens: Screen[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  screens.splice(0).forEach((screen) => screen.close());
  sockets.splice(0).forEach((socket) => socket.destroy());
  await stopServing();
});

/** What becomes of a screen at the door: the HTTP status, 101 when it is let in. */
function knock(server: Serving, options = {}): Promise<number> {
  const screen = new Screen(server.port, '', options);
  screens.push(screen);
  return new Promise((resolve) => {
    screen.socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    screen.socket.on('open', () => resolve(101));
  });
}

interface Raw {
  readonly socket: Socket;
  /** All it sent, once it is closed. */
  readonly closed: Promise<string>;
}
function raw(server: Serving, ...said: readonly string[]): Raw {
  const socket = connect(server.port, '127.0.0.1');
  sockets.push(socket);
  let answer = '';
  socket.on('error', () => undefined).on('data', (bytes) => (answer += bytes.toString()));
  for (const text of said) socket.write(text);
  return { socket, closed: new Promise((resolve) => socket.on('close', () => resolve(answer))) };
}
/** Counts what comes from this machine, too. */
const counted: Partial<PushOptions> = { clientAddress: (address) => address ?? '' };

describe('whom a connection is counted for', () => {
  it.each([
    ['127.0.0.1', null],
    ['127.8.8.8', null],
    ['::1', null],
    ['::ffff:127.0.0.1', null],
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['fe80::fc:ff:fe00:1%eth0', 'fe80:0:0:0'],
    ['::', '0:0:0:0'],
    [undefined, ''],
  ])('of %s: %s', (address, visitor) => expect(clientAddress(address)).toBe(visitor));
});

it('counts within a second, and starts over with the next', () => {
  const isTooMany = perSecond(2);
  expect([0, 500, 999, 1000, 1100, 1200, 5000].map(isTooMany)).toEqual([false, false, true, false, false, true, false]);
});

describe('a server that is full', () => {
  it('turns screens away with 503, lets them in when others left, and goes on answering requests', async () => {
    const server = await serving({ limits: { clients: 2 } });
    expect([await knock(server), await knock(server), await knock(server)]).toEqual([101, 101, 503]);
    expect((await server.get('/healthz')).status).toBe(200);
    screens[0]?.close();
    let status = 503;
    for (const deadline = Date.now() + 4000; status !== 101 && Date.now() < deadline;) status = await knock(server);
    expect(status).toBe(101);
  });

  it('turns the screens of one address away with 429, and counts why', async () => {
    const addresses = ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2'];
    // The address is looked up twice: for the connection and for the upgrade.
    let asked = 0;
    const server = await serving({ limits: { clientsPerAddress: 2 }, clientAddress: () => addresses[Math.floor(asked++ / 2)] ?? null });
    const statuses = [];
    for (const _ of addresses) statuses.push(await knock(server));
    expect(statuses).toEqual([101, 101, 429, 101]);
    const metrics = await (await server.get('/metrics')).text();
    expect(metrics).toContain('angiocast_clients_refused_total{reason="full-for-address"} 1\n');
    expect(metrics).toContain('angiocast_clients_refused_total{reason="token"} 0\n');
  });

  it('limits nobody on this machine, where a proxy may serve many', async () => {
    const server = await serving({ limits: { clientsPerAddress: 1 } });
    expect([await knock(server), await knock(server), await knock(server)]).toEqual([101, 101, 101]);
  });

  it('cuts off what one address opens beyond its screens and some requests', async () => {
    const server = await serving({ ...counted, limits: { clientsPerAddress: 1 } });
    const all = Array.from({ length: ROOM_PER_ADDRESS + 3 }, () => raw(server));
    let cut = 0;
    for (const { closed } of all) void closed.then(() => (cut += 1));
    for (const deadline = Date.now() + 4000; cut < 2 && Date.now() < deadline;) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(cut).toBe(2);
    all[0]?.socket.destroy();
    all[1]?.socket.destroy();
    await Promise.all([all[0]?.closed, all[1]?.closed]);
    expect((await server.get('/healthz', { connection: 'close' })).status).toBe(200);
  });
});

describe('a client that takes its time', () => {
  const hello = ['GET /ws HTTP/1.1\r\n', 'Host: 127.0.0.1\r\n', 'Connection: Upgrade\r\n', 'Upgrade: websocket\r\n'];

  it.each<readonly [string, readonly string[]]>([
    ['says nothing', []],
    ['begins a request and waits', ['GET /api/v1/streams HTTP/1.1\r\nHo']],
    ['never ends its headers', ['GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n']],
    ['never ends its handshake', hello],
    ['announces a body that never comes', ['POST /api/v1/reload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n']],
  ])('and %s is sent away in time', async (_, said) => {
    const server = await serving({ limits: { handshakeSeconds: 0.4 }, reload: () => new Promise(() => undefined) });
    const began = performance.now();
    await raw(server, ...said).closed;
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it('letter by letter, gets no longer than others, and delays none', async () => {
    const server = await serving({ limits: { handshakeSeconds: 0.4 } });
    const slow = Array.from({ length: 50 }, () => raw(server, 'GET / HTTP/1.1\r\nX: '));
    const dripping = setInterval(() => slow.forEach(({ socket }) => socket.writable && socket.write('x')), 50);
    const screen = new Screen(server.port, '?stream=a');
    screens.push(screen);
    await screen.until(() => screen.of('snapshot').length === 1);
    server.say(new Script('a').run('r1', 'started', 2));
    await screen.until(() => screen.of('run').length === 1);
    const answers = await Promise.all(slow.map(({ closed }) => closed));
    clearInterval(dripping);
    expect(answers.filter((answer) => !answer.startsWith('HTTP/1.1 408 '))).toEqual([]);
    expect(screen.closeCode).toBeNull();
  });
});

describe('a request that is too large', () => {
  it('is refused for its headers with 431', async () => {
    const server = await serving();
    expect(await raw(server, `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`).closed).toMatch(/^HTTP\/1\.1 431 /);
  });

  it.each([
    ['its body', 'Content-Length: 1025'],
    ['a body that may never end', 'Transfer-Encoding: chunked'],
  ])('is refused for %s with 413, before any of it is read', async (_, header) => {
    const server = await serving({ reload: () => Promise.reject(new Error('Expected nobody to ask')) });
    const answer = await raw(server, `POST /api/v1/reload HTTP/1.1\r\nHost: 127.0.0.1\r\n${header}\r\n\r\n`).closed;
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"too-large"');
  });
});

it.each(['//', '/\\', 'x', 'http://[/ws', '/ws/../ws', '/%', '*'])('goes on after an upgrade at an address like %s', async (address) => {
  const server = await serving();
  const key = 'MDEyMzQ1Njc4OWFiY2RlZg==';
  const answer = await raw(
    server,
    `GET ${address} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  ).closed;
  expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
  expect((await server.get('/healthz')).status).toBe(200);
});

it('disconnects a screen that changes its subscription over and over', async () => {
  const server = await serving({ limits: { subscriptionsPerSecond: 2 } });
  const screen = new Screen(server.port, '?stream=a');
  screens.push(screen);
  await screen.until(() => screen.of('snapshot').length === 1);
  for (let count = 0; count < 7; count += 1) screen.say({ type: 'subscribe', streams: ['a'], topics: ['run'] });
  await screen.until(() => screen.closeCode !== null);
  expect(screen.closeCode).toBe(1008);
  expect(screen.of('error')[0]).toMatchObject({ code: 'too-fast', message: 'Expected at most 2 subscriptions a second' });
});
