import { randomBytes } from 'node:crypto';
import { Screen } from './screen';
import { Script } from './scripted';
import { serving, stopServing } from './serving';

const WIDTH = 640;
const HEIGHT = 480;
const screens: Screen[] = [];

afterEach(async () => {
  screens.splice(0).forEach((screen) => screen.close());
  await stopServing();
});

/** Noise compresses badly: every picture weighs a quarter of a megabyte. */
function noisy(stream: string): Script {
  const script = new Script(stream, Date.now, WIDTH, HEIGHT, { x: 0, y: 0, width: WIDTH, height: HEIGHT });
  const { acquisition } = script;
  script.acquisition = (run, frame) => {
    const made = acquisition.call(script, run, frame);
    if (made.frame.pixels[1] !== 1) made.frame.pixels.set(randomBytes(WIDTH * HEIGHT));
    made.frame.pixels[1] = 1;
    return made;
  };
  return script;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

it('a stalled screen delays nobody, costs a bounded amount of memory, and gets its losses reported when it reads again', async () => {
  const server = await serving();
  const script = noisy('a');
  const [stalled, lively] = [
    new Screen(server.port, '?stream=a&topics=frame,mask,run'),
    new Screen(server.port, '?stream=a&topics=frame,mask,run'),
  ];
  screens.push(stalled, lively);
  await Promise.all([stalled, lively].map((screen) => screen.until(() => screen.of('snapshot').length === 1)));
  for (let count = 101; count <= 104; count += 1) {
    server.say(script.frame('r0', count));
    await stalled.until(() => stalled.of('frame').length === count - 100, 'the pictures before it stalls');
  }
  await lively.until(() => lively.of('frame').length === 4);
  for (const screen of [stalled, lively]) screen.heard.splice(2);
  stalled.socket.pause();

  const delays: number[] = [];
  let before = 0;
  for (let count = 1; count <= 60; count += 1) {
    server.say(script.frame('r1', count));
    await lively.until(() => lively.of('frame', 'loss').length >= count, `picture ${count}`);
    const saidAt = performance.now();
    server.say(script.mask('r1', count, 'improved'));
    await lively.until(() => lively.of('mask').length === count, `mask ${count}`);
    delays.push(performance.now() - saidAt);
    if (count === 30) before = process.memoryUsage().external;
    lively.heard.splice(0, lively.heard.length, ...lively.heard.map((heard) => ({ ...heard, payload: null })));
    // The script would keep every picture.
    (script as unknown as { acquisitions: Map<string, unknown> }).acquisitions.clear();
  }
  const grown = (process.memoryUsage().external - before) / 2 ** 20;
  expect(lively.of('frame')).toHaveLength(60);
  expect(lively.of('loss')).toEqual([]);
  expect(delays.sort((a, b) => a - b)[30]).toBeLessThan(250);
  expect(grown).toBeLessThan(40);

  stalled.socket.resume();
  await stalled.until(() => stalled.of('mask').some(({ frame }) => frame === 60), 'the last mask');
  const told = stalled.heard.filter(({ type }) => type !== 'hello' && type !== 'snapshot');
  const got = told.filter(({ type }) => type !== 'loss').length;
  const lost = stalled.of('loss').reduce((sum, { count }) => sum + Number(count), 0);
  expect(got + lost).toBe(120);
  expect(stalled.of('loss').length).toBeGreaterThan(0);
  expect(stalled.of('loss').every(({ topic, reason }) => topic === 'frame' && reason === 'slow-client')).toBe(true);
  expect(stalled.of('mask')).toHaveLength(60);
  // What it gets of the past is what was on its way when it stopped reading, then the newest.
  expect(stalled.of('frame').length).toBeLessThan(10);
  const numbers = told.map(({ seq }) => seq);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  const metrics = await (await server.get('/metrics')).text();
  expect(metrics).toContain(`angiocast_client_messages_dropped_total{topic="frame",reason="slow-client"} ${lost}`);
}, 30_000);

it('a screen that missed too much of what matters gets losses, then a snapshot and the valid mask', async () => {
  const server = await serving();
  const script = new Script('a');
  const stalled = new Screen(server.port, '?stream=a');
  screens.push(stalled);
  await stalled.until(() => stalled.of('snapshot').length === 1);
  stalled.socket.pause();
  const big = { ...script.run('r'.repeat(200_000), 'started', 2) };
  for (let count = 0; count < 100; count += 1) server.say(big);
  server.say(script.run('r2', 'started', 2), script.mask('r2', 1, 'stabilised'));
  stalled.socket.resume();
  await stalled.until(() => stalled.of('mask').length === 1, 'the valid mask');
  server.say(script.run('r2', 'ended', 5));
  await stalled.until(() => stalled.of('run').at(-1)?.phase === 'ended');
  const snapshots = stalled.of('snapshot');
  expect(snapshots.length).toBeGreaterThan(1);
  expect(snapshots.at(-1)?.run).toBe('r2');
  expect(snapshots.at(-1)?.mask).toMatchObject({ run: 'r2', frame: 1 });
  const lost = stalled.of('loss').filter(({ topic }) => topic === 'run');
  const runs = stalled.of('run').length;
  expect(lost.reduce((sum, { count }) => sum + Number(count), 0) + runs).toBe(102);
  expect(lost.every(({ reason }) => reason === 'overflow')).toBe(true);
}, 20_000);

it('closes within a second, though a screen does not read', async () => {
  const server = await serving();
  const script = noisy('a');
  const stalled = new Screen(server.port, '?stream=a&topics=frame');
  screens.push(stalled);
  await stalled.until(() => stalled.of('snapshot').length === 1);
  stalled.socket.pause();
  for (let count = 1; count <= 30; count += 1) {
    server.say(script.frame('r1', count));
    await pause(5);
  }
  const began = performance.now();
  await server.push.close();
  expect(performance.now() - began).toBeLessThan(1000);
}, 10_000);

it('closes with 1001 when the server closes', async () => {
  const server = await serving();
  const screen = new Screen(server.port);
  screens.push(screen);
  await screen.until(() => screen.of('hello').length === 1);
  await server.push.close();
  await screen.until(() => screen.closeCode !== null);
  expect(screen.closeCode).toBe(1001);
});

it('names the address that is taken', async () => {
  const server = await serving();
  await expect(serving({ port: server.port })).rejects.toThrow(
    `Expected a port to listen on, got 127.0.0.1:${server.port}: another program listens there`,
  );
});
