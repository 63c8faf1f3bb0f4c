import { BehaviorSubject } from 'rxjs';
import { expectedHours, type ExpectedHours } from '../../src/measure/expected-hours';
import type { Client } from '../../src/receive/client';
import { connect } from '../../src/receive/connect.node';
import { Screen } from './screen';
import { Script } from './scripted';
import { serving, stopServing, type Serving } from './serving';

const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ id, name: `Suite ${id}` })) as [Named, Named, Named];
interface Named {
  readonly expected?: ExpectedHours;
  readonly id: string;
  readonly name: string;
}
const open: { close(): void }[] = [];
afterEach(async () => {
  open.splice(0).forEach((one) => one.close());
  await stopServing();
});

async function changing(): Promise<{ readonly server: Serving; readonly streams: BehaviorSubject<readonly Named[]> }> {
  const streams = new BehaviorSubject<readonly Named[]>([a, b]);
  return { server: await serving({ streams }), streams };
}
async function screen(server: Serving, query = ''): Promise<Screen> {
  const opened = new Screen(server.port, query);
  open.push(opened);
  await opened.until(() => opened.of('snapshot').length > 0);
  return opened;
}
const ids = (rows: unknown): string[] => (rows as readonly Named[]).map(({ id }) => id);
const rowsOf = async (server: Serving): Promise<readonly Named[]> =>
  (await (await server.get('/api/v1/streams')).json()) as readonly Named[];

describe('streams that come and go', () => {
  it('are announced to every screen; a subscriber to all gets the new one, one that chose does not', async () => {
    const { server, streams } = await changing();
    const [all, chosen] = [await screen(server), await screen(server, '?stream=a')];
    streams.next([a, b, c]);
    await all.until(() => all.of('snapshot').some(({ stream }) => stream === 'c'));
    expect(ids(all.of('streams')[0]?.streams)).toEqual(['a', 'b', 'c']);
    server.say(new Script('c').state('live'), new Script('a').state('live'));
    await chosen.until(() => chosen.of('stream').length === 1);
    await all.until(() => all.of('stream').length === 2);
    expect(chosen.heard.map(({ type, stream }) => [type, stream])).toEqual([
      ...[
        ['hello', null],
        ['snapshot', 'a'],
        ['streams', null],
        ['stream', 'a'],
      ],
    ]);
    expect(await rowsOf(server)).toMatchObject([{ id: 'a' }, { id: 'b' }, { id: 'c', state: 'live', model: { name: 'dsa-ltdnet' } }]);
  });

  it('are expected at their hours, which may change while they stay', async () => {
    const { server, streams } = await changing();
    const told = async (): Promise<readonly (string | undefined)[]> => {
      const text = await (await server.get('/metrics')).text();
      return ['a', 'b'].map((id) => new RegExp(`^angiocast_stream_expected\\{stream="${id}"\\} (\\d)$`, 'm').exec(text)?.[1]);
    };
    expect(await told()).toEqual(['1', '1']);
    streams.next([a, { ...b, expected: expectedHours('never') ?? null }]);
    expect(await told()).toEqual(['1', '0']);
    streams.next([a, b]);
    expect(await told()).toEqual(['1', '1']);
  });

  it('close their sockets, vanish from the API and the metrics, and keep their runs', async () => {
    const { server, streams } = await changing();
    const all = await screen(server);
    const s = new Script('b');
    server.say(s.state('live'), s.run('r1', 'started', 2), s.fate('unique', 3));
    streams.next([a]);
    await all.until(() => all.of('streams').length === 1 && all.of('stream').length === 2);
    expect(all.of('stream').at(-1)).toMatchObject({ stream: 'b', state: 'ended', reason: 'removed from the configuration' });
    expect(ids(await rowsOf(server))).toEqual(['a']);
    server.say(s.mask('r1', 1, 'final'));
    const metrics = await (await server.get('/metrics')).text();
    expect(metrics).not.toContain('stream="b"');
    expect(metrics).toContain('stream="a"');
    expect(await (await server.get('/api/v1/runs/r1')).json()).toMatchObject({ stream: 'b', mask: { status: 'final' } });
    expect(all.of('mask')).toEqual([]);
  });

  it('come back under their old name, their numbers going on, to screens that chose them', async () => {
    const { server, streams } = await changing();
    const chosen = await screen(server, '?stream=b');
    const s = new Script('b');
    server.say(s.state('live'), s.state('held'));
    streams.next([a]);
    await chosen.until(() => chosen.of('stream').length === 3);
    streams.next([a, b]);
    await chosen.until(() => chosen.of('snapshot').length === 2);
    expect(chosen.of('snapshot')[1]).toMatchObject({ stream: 'b', state: 'connecting', head: 3 });
    server.say(s.state('live'));
    await chosen.until(() => chosen.of('stream').length === 4);
    expect(chosen.of('stream').map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it('get another name in place', async () => {
    const { server, streams } = await changing();
    const all = await screen(server);
    server.say(new Script('a').state('live'));
    streams.next([{ ...a, name: 'Room 7' }, b]);
    await all.until(() => all.of('streams').length === 1);
    expect(all.of('streams')[0]?.streams).toMatchObject([{ id: 'a', name: 'Room 7', state: 'live' }, { id: 'b' }]);
    expect(all.of('snapshot')).toHaveLength(2);
    streams.next([{ ...a, name: 'Room 7' }, b]);
    server.say(new Script('a').state('held'));
    await all.until(() => all.of('stream').length === 2);
    expect(all.of('streams')).toHaveLength(1);
  });

  it('are an event of the client library, which finds nothing wrong with them', async () => {
    const { server, streams } = await changing();
    const client: Client = connect({ url: `http://127.0.0.1:${server.port}/` });
    open.push(client);
    const told: string[][] = [];
    const problems: unknown[] = [];
    client.on('problem', (problem) => problems.push(problem));
    client.on('streams', (message) => told.push(ids(message.streams)));
    await new Promise<void>((resolve) => client.on('hello', () => resolve()));
    streams.next([a, c]);
    streams.next([a, b, c]);
    server.say(new Script('b').state('live'));
    await new Promise<void>((resolve) => client.on('stream', ({ stream, state }) => stream === 'b' && state === 'live' && resolve()));
    expect([told, problems]).toEqual([
      [
        ['a', 'c'],
        ['a', 'b', 'c'],
      ],
      [],
    ]);
  });
});

it('reloads the configuration only for this machine, and otherwise gives the reason', async () => {
  const nothing = { added: [], changed: [], renamed: [], removed: [] };
  const server = await serving({
    reload: () => Promise.resolve({ streams: nothing, model: 'same', tookMs: 1 }),
    token: 'sixteen-characters',
  });
  const ask = (headers: Record<string, string>): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}/api/v1/reload`, { method: 'POST', headers });
  const token = { authorization: 'Bearer sixteen-characters' };
  expect((await ask({})).status).toBe(401);
  expect((await ask({ ...token, origin: 'http://evil.example' })).status).toBe(403);
  const answer = await ask(token);
  expect([answer.status, await answer.json()]).toEqual([200, { streams: nothing, model: 'same', tookMs: 1 }]);
  const broken = await serving({ reload: () => Promise.reject(new Error('port: expected 1')) });
  const refused = await fetch(`http://127.0.0.1:${broken.port}/api/v1/reload`, { method: 'POST' });
  expect([refused.status, await refused.json()]).toEqual([422, { error: { code: 'refused', message: 'port: expected 1' } }]);
  expect((await fetch(`http://127.0.0.1:${(await serving()).port}/api/v1/reload`, { method: 'POST' })).status).toBe(404);
});
