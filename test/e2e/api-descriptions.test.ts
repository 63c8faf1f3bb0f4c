import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import WebSocket from 'ws';
import { httpJudge, socketJudge, type HttpDescription, type SocketDescription } from '../support/api-descriptions';
import { serve, type Served } from './serve';

let served: Served | undefined;
const sockets: WebSocket[] = [];
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.terminate());
  await served?.stop();
  served = undefined;
});

/** Everything a socket received, in order. */
function recorded(url: string): { readonly socket: WebSocket; readonly told: { readonly data: Buffer; readonly isBinary: boolean }[] } {
  const socket = new WebSocket(url, 'angiocast.v1');
  const told: { data: Buffer; isBinary: boolean }[] = [];
  socket.on('message', (data: Buffer, isBinary) => told.push({ data, isBinary }));
  sockets.push(socket);
  return { socket, told };
}

async function until(what: string, done: () => boolean, withinMs: number): Promise<void> {
  for (const deadline = Date.now() + withinMs; !done(); await new Promise((resolve) => setTimeout(resolve, 50)))
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
}

it('sends in a whole run nothing that /asyncapi.json and /openapi.json do not describe, and every message that they do', async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'angiocast-described-')), 'angiocast.yaml');
  const configure = (name: string): void =>
    writeFileSync(file, `streams: [{ source: 'phantom:#seed=3&rate=8', id: demo, name: ${name}, pixelSpacingMm: 0.3 }]`);
  configure('Demo');
  served = await serve({ sources: [], args: ['--config', file] });
  const { url, client } = served;
  const description = (await (await fetch(`${url}/asyncapi.json`)).json()) as SocketDescription;
  const judge = socketJudge(description);
  const everything = `${url.replace('http', 'ws')}/ws?topics=mask,keyframe,run,stability,stream,frame`;
  const screen = recorded(everything);
  await until('a greeting', () => screen.told.length > 0, 5_000);

  for (const message of [
    { type: 'clock', t0: 1 },
    { type: 'subscribe', streams: ['demo'], topics: ['mask', 'keyframe', 'run', 'stability', 'stream', 'frame'] },
  ]) {
    expect(judge.client(message)).toBe(message.type);
    screen.socket.send(JSON.stringify(message));
  }
  screen.socket.send('nonsense');
  const begun = await client.waitFor('a run', ({ type, phase }) => type === 'run' && phase === 'started', 60_000);
  await client.waitFor('the final mask', ({ type, status, run }) => type === 'mask' && status === 'final' && run === begun.run, 60_000);
  await client.waitFor('a mask that is history', ({ type }) => type === 'invalid', 60_000);
  const [shown] = client.of('mask');
  const painted = { type: 'painted', stream: 'demo', seq: shown?.seq, frame: shown?.frame, paintedAt: Date.now() };
  judge.client(painted);
  client.send(painted);
  configure('Renamed');
  served.process.kill('SIGHUP');

  // A screen that returns late, until it gets a report of pictures that are not kept any longer.
  const epoch = String(client.of('hello')[0]?.epoch);
  const back = { screen: recorded(`${everything}&since=1&epoch=${epoch}`) };
  const types = (): string[] => [screen, back.screen].flatMap(({ told }) => told.map(({ data, isBinary }) => judge.server(data, isBinary)));
  for (const deadline = Date.now() + 90_000; !types().includes('loss') && Date.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    back.screen.socket.terminate();
    back.screen = recorded(`${everything}&since=1&epoch=${epoch}`);
    await until('a greeting', () => back.screen.told.length > 1, 5_000);
  }
  const described = Object.keys(description.components.messages).filter((name) => !name.startsWith('client.'));
  expect([...new Set(types())].sort()).toEqual(described.sort());
  expect(types().filter((type) => type === 'frame').length).toBeGreaterThan(20);

  const answers = httpJudge((await (await fetch(`${url}/openapi.json`)).json()) as HttpDescription);
  const fits = async (path: string, template = path): Promise<unknown> => answers(template, await fetch(url + path));
  for (const path of ['/', '/healthz', '/readyz', '/metrics', '/openapi.json', '/asyncapi.json', '/ws', '/api/v1/streams'])
    await fits(path);
  await fits('/api/v1/runs?stream=demo', '/api/v1/runs');
  await fits('/api/v1/runs?stream=nowhere', '/api/v1/runs');
  for (const rest of ['', '/trace', '/keyframe.png', '/mask.png', '/overlay.png']) {
    for (const run of [String(begun.run), 'none']) {
      const answer = await fetch(`${url}/api/v1/runs/${run}${rest}`);
      expect([run, answer.status]).toEqual([run, run === 'none' ? 404 : 200]);
      await answers(`/api/v1/runs/{run}${rest}`, answer);
    }
  }
  await fits('/nothing', '/healthz');
  await answers('/api/v1/reload', await fetch(`${url}/api/v1/reload`, { method: 'POST' }));
  writeFileSync(file, 'prot: 80');
  await answers('/api/v1/reload', await fetch(`${url}/api/v1/reload`, { method: 'POST' }));
}, 240_000);
