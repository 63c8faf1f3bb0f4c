import { once } from 'node:events';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ClientEvents } from '../../src/receive/client-events';
import { connect, decodeMask, maskImage, type Client } from '../../src/receive/connect.node';
import { Script } from '../push/scripted';
import { serving, stopServing } from '../push/serving';

const clients: Client[] = [];
function joined(...given: Parameters<typeof connect>): Client {
  const client = connect(...given);
  clients.push(client);
  return client;
}

afterEach(async () => {
  clients.splice(0).forEach((client) => client.close());
  await stopServing();
});

const next = <K extends keyof ClientEvents>(
  client: Client,
  name: K,
  wanted: (event: ClientEvents[K]) => boolean = () => true,
): Promise<ClientEvents[K]> =>
  new Promise((resolve) => {
    const stop = client.on(name, (event) => {
      if (!wanted(event)) return;
      stop();
      resolve(event);
    });
  });

it('gets a run with its pictures and its mask from a real server, and its clock', async () => {
  const server = await serving();
  const client = joined({ url: `http://127.0.0.1:${server.port}/`, streams: ['a'], topics: ['run', 'keyframe', 'mask', 'frame'] });
  const problems: unknown[] = [];
  client.on('problem', (problem) => problems.push(problem));
  await next(client, 'snapshot');
  const messages = Promise.all([next(client, 'frame'), next(client, 'keyframe'), next(client, 'mask')]);
  const script = new Script('a');
  server.say(script.state('live'), script.picture(), script.run('r1', 'started', 2), script.frame('r1', 1));
  server.say(script.keyFrame('r1', 1, 'stabilised'), script.mask('r1', 1, 'stabilised'));
  const [frame, keyframe, mask] = await messages;
  expect(frame.payload.length).toBeGreaterThan(100);
  expect(keyframe).toMatchObject({ run: 'r1', frame: 1, status: 'stabilised' });
  expect(decodeMask(mask).reduce((sum, value) => sum + value, 0)).toBe(64 * 64);
  const image = maskImage(mask, [255, 0, 0, 128]);
  expect(image.data.filter((value) => value === 128)).toHaveLength(64 * 64);
  while (client.clock === null) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(Math.abs(client.now() - Date.now())).toBeLessThan(50);
  client.painted(mask);
  const metric = 'angiocast_annotation_delay_seconds_count{stream="a",until="painted"} 1';
  while (!(await (await server.get('/metrics')).text()).includes(metric)) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(problems).toEqual([]);
}, 20_000);

it('gets what it missed while it was away, and a snapshot from a restarted server', async () => {
  const server = await serving();
  const { port } = server;
  const script = new Script('a');
  server.say(script.state('live'));
  const client = joined({ url: `ws://127.0.0.1:${port}/ws`, streams: ['a'] });
  await next(client, 'snapshot');
  await server.push.close();
  await next(client, 'connection', ({ state }) => state === 'waiting');
  const anew = await serving({ port });
  anew.say(script.state('held'));
  expect(await next(client, 'snapshot')).toMatchObject({ state: 'held' });
}, 20_000);

it('reports why a server does not let it in', async () => {
  const server = await serving({ token: 'sesame' });
  const client = joined({ url: `http://127.0.0.1:${server.port}/`, token: 'guess' });
  const { reason } = await next(client, 'connection', ({ state }) => state === 'waiting');
  expect(reason).toContain('401');
  const known = joined({ url: `http://127.0.0.1:${server.port}/`, token: 'sesame' });
  await next(known, 'hello');
});

it('gets the valid messages of a server that also sends invalid ones', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.on('connection', (socket: WebSocket) => {
    socket.send('{"type":"hello","seq":0,"stream":null,"at":1,"protocol":"angiocast.v1","server":"x","epoch":"e","streams":[]}');
    for (const nonsense of ['{', '{"type":"stream","seq":"one"}', '{"type":"weather","seq":1,"stream":"a","at":1}']) socket.send(nonsense);
    socket.send(Buffer.from([9, 0, 0, 0, 1]));
    for (const seq of [3, 2]) socket.send(`{"type":"stream","seq":${seq},"stream":"a","at":1,"state":"live","reason":"${seq}"}`);
    socket.send('{"type":"stream","seq":4,"stream":"a","at":1,"state":"held","reason":""}');
  });
  const client = joined({ url: `http://127.0.0.1:${port}/` });
  const kinds: string[] = [];
  client.on('problem', ({ kind }) => kinds.push(kind));
  const reasons: string[] = [];
  client.on('stream', ({ reason }) => reasons.push(reason));
  await next(client, 'stream', ({ state }) => state === 'held');
  client.close();
  expect(kinds).toEqual(['malformed', 'malformed', 'unknown', 'malformed', 'out-of-order']);
  expect(reasons).toEqual(['3', '']);
  for (const socket of server.clients) socket.terminate();
  server.close();
});

it.each([
  ['without a token', {}, 'unauthorised', 'Expected a token'],
  ['with another token', { token: 'another' }, 'unauthorised', 'Expected a token'],
])('reports why it is not let in %s, and tries again only after a while', async (_, options, code, reason) => {
  const server = await serving({ token: 'sesame' });
  const refused = await next(
    joined({ url: `http://127.0.0.1:${server.port}/`, ...options }),
    'connection',
    ({ state }) => state === 'refused',
  );
  expect(refused).toEqual({ state: 'refused', reason, code, retryInMs: 30_000 });
});
