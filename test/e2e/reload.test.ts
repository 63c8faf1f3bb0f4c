import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client, Message } from './client';
import { root, serve, type Served } from './serve';
import { fates } from './suite';

const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-reload-'));
const file = path.join(folder, 'angiocast.yaml');
const configure = (...lines: readonly string[]): void => writeFileSync(file, `${lines.join('\n')}\n`);
const stream = (id: string, source: string): string => `  - { id: ${id}, source: '${source}' }`;
/** A bundle that says to be another version, and computes the same. */
function bundle(version: string): string {
  const copy = path.join(folder, version);
  cpSync(path.join(root, 'models/dsa-ltdnet'), copy, { recursive: true });
  const card = path.join(copy, 'model.json');
  writeFileSync(card, readFileSync(card, 'utf8').replace(/"version": "[^"]*"/, `"version": "${version}"`));
  return copy;
}

let served: Served | undefined;
afterEach(async () => {
  await served?.stop();
  served = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

const started = async (): Promise<Served> => (served = await serve({ sources: [], args: ['--config', file] }));
const reload = async (): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> => {
  const answer = await fetch(`${served?.url}/api/v1/reload`, { method: 'POST' });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const of = (client: Client, id: string): readonly Message[] => client.messages.filter((message) => message.stream === id);
const count = (message: Message | undefined): readonly unknown[] =>
  (message?.streams as readonly { readonly id: string }[]).map(({ id }) => id);
const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, one) => sum + one, 0);
const rises = (numbers: readonly number[]): boolean => numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
const versionOf = (message: Message): unknown => (message.model as { readonly version: string }).version;
const metric = async (name: string): Promise<number> =>
  Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\d+)$`, 'm').exec((await served?.get('/metrics'))?.body ?? '')?.[1]);

it('adds, changes and removes streams on SIGHUP, while another one and the clients notice nothing', async () => {
  configure('streams:', stream('stays', 'phantom:#seed=3&rate=6'));
  const { client, process: program, log } = await started();
  await client.waitFor('a run', ({ type, phase }) => type === 'run' && phase === 'started', 30_000);
  const lists = (): readonly Message[] => client.of('streams');
  const hangUp = async (what: string, fits: (message: Message) => boolean): Promise<Message> => {
    const told = client.messages.length;
    program.kill('SIGHUP');
    return client.waitFor(what, fits, 30_000, told);
  };

  configure('streams:', stream('stays', 'phantom:#seed=3&rate=6'), stream('comes', 'phantom:#seed=4&rate=6'));
  expect(count(await hangUp('the new list', ({ type }) => type === 'streams'))).toEqual(['stays', 'comes']);
  await client.waitFor('a picture of it', ({ type, stream: id }) => type === 'frame' && id === 'comes', 30_000);
  expect(of(client, 'comes')[0]).toMatchObject({ type: 'snapshot', state: 'connecting' });

  await client.waitFor('a run of it', ({ type, stream: id }) => type === 'run' && id === 'comes', 30_000);
  configure('streams:', stream('stays', 'phantom:#seed=3&rate=6'), stream('comes', 'phantom:#seed=5&rate=6'));
  const lost = await hangUp(
    'the end of the old source',
    ({ type, state, stream: id }) => type === 'stream' && state === 'lost' && id === 'comes',
  );
  expect(lost.reason).toBe('the configuration changed');
  const again = client.messages.length;
  await client.waitFor(
    'a run of the new source',
    ({ type, phase, stream: id }) => type === 'run' && phase === 'started' && id === 'comes',
    30_000,
    again,
  );
  const names = of(client, 'comes').flatMap(({ type, phase, run }) => (type === 'run' && phase === 'started' ? [run] : []));
  expect(new Set(names).size).toBe(names.length);
  const closed = of(client, 'comes').find(({ type, phase }) => type === 'run' && phase === 'ended');
  expect(closed?.seq).toBeGreaterThan(lost.seq ?? Infinity);

  configure('streams:', stream('stays', 'phantom:#seed=3&rate=6'));
  const ended = hangUp('its end', ({ type, state, stream: id }) => type === 'stream' && state === 'ended' && id === 'comes');
  expect(await ended).toMatchObject({ reason: 'removed from the configuration' });
  await client.waitFor('the list without it', () => lists().length === 2, 5_000);
  expect(count(lists()[1])).toEqual(['stays']);
  const left = ((await served?.get('/metrics'))?.body ?? '').split('\n').filter((line) => line.includes('stream="comes"'));
  expect(left).toEqual([]);
  expect(JSON.parse((await served?.get('/api/v1/runs?stream=stays'))?.body ?? '[]')).not.toEqual([]);

  await client.waitFor('a mask of the other', ({ type, stream: id }) => type === 'mask' && id === 'stays', 60_000);
  const others = of(client, 'stays');
  expect(others.filter(({ type, state }) => type === 'stream' && (state === 'lost' || state === 'connecting')).length).toBeLessThanOrEqual(
    1,
  );
  expect(others.some(({ state }) => state === 'lost')).toBe(false);
  expect(rises(others.flatMap(({ type, seq }) => (type === 'snapshot' || type === 'loss' ? [] : [seq ?? 0])))).toBe(true);
  expect(client.of('hello')).toHaveLength(1);
  expect(log().match(/configuration reloaded/g)).toHaveLength(3);
}, 180_000);

it('swaps the model under load: no frame is lost, every mask names the model that made it, and a broken bundle changes nothing', async () => {
  const streams = ['streams:', stream('one', 'phantom:#seed=3&rate=8'), stream('two', 'phantom:#seed=5&rate=8')];
  configure(...streams);
  const { client, log } = await started();
  const masks = (version: string): readonly Message[] => client.of('mask').filter((mask) => versionOf(mask) === version);
  const maskOf = (version: string, from = 0): Promise<Message> =>
    client.waitFor(`a mask of ${version}`, (message) => message.type === 'mask' && versionOf(message) === version, 90_000, from);
  const own = versionOf(await client.waitFor('a mask', ({ type }) => type === 'mask', 60_000)) as string;

  configure(`model: ${bundle('9.9.9')}`, ...streams);
  const swapped = await reload();
  expect(swapped).toMatchObject({ status: 200, body: { model: 'switched', streams: { added: [], changed: [], removed: [] } } });
  await maskOf('9.9.9');
  const rows = JSON.parse((await served?.get('/api/v1/streams'))?.body ?? '[]') as readonly {
    readonly model: { readonly version: string };
  }[];
  expect(rows.some(({ model }) => model.version === '9.9.9')).toBe(true);

  const broken = bundle('6.6.6');
  writeFileSync(path.join(broken, 'golden-tumour.bin'), Buffer.alloc(readFileSync(path.join(broken, 'golden-tumour.bin')).length, 63));
  configure(`model: ${broken}`, 'streams:', stream('three', 'phantom:'));
  const told = client.messages.length;
  const refused = await reload();
  expect(refused).toMatchObject({ status: 422, body: { error: { code: 'refused', message: expect.stringContaining('tumour') } } });
  await maskOf('9.9.9', told);
  expect(masks('6.6.6')).toEqual([]);
  expect(client.of('streams')).toEqual([]);
  expect(log()).toContain('configuration not reloaded, nothing changed');
  expect([
    await metric('angiocast_model_swaps_total{outcome="switched"}'),
    await metric('angiocast_model_swaps_total{outcome="rolled_back"}'),
  ]).toEqual([1, 1]);

  // A run keeps the model it began with.
  const byRun = new Map<unknown, Set<unknown>>();
  for (const mask of client.of('mask')) byRun.set(mask.run, (byRun.get(mask.run) ?? new Set()).add(versionOf(mask)));
  expect([...byRun.values()].every(({ size }) => size === 1)).toBe(true);
  expect(client.of('loss')).toEqual([]);
  const metrics = (await served?.get('/metrics'))?.body ?? '';
  const unaccounted: number[] = [];
  for (const id of ['one', 'two']) {
    const captured = Number(new RegExp(`^angiocast_frames_captured_total\\{stream="${id}"\\} (\\d+)$`, 'm').exec(metrics)?.[1]);
    const fate = fates(metrics, id);
    unaccounted.push(captured - total(fate));
    expect(Object.keys(fate).filter((name) => /dropped_(?!idle|blank)/.test(name) && fate[name] !== 0)).toEqual([]);
    expect(of(client, id).some(({ state }) => state === 'lost')).toBe(false);
  }
  // A picture that may open a run waits for its company: its fate is not known yet.
  expect(Math.max(...unaccounted)).toBeLessThanOrEqual(3);
  process.stdout.write(
    `swap under load: ${Math.round(Number(swapped.body.tookMs))} ms, ${masks(own).length} masks of the old model, ${masks('9.9.9').length} of the new, ` +
      `captured frames without a fate yet: ${unaccounted.join(', ')}\n`,
  );
}, 240_000);

it('changes nothing when the file cannot be used or asks for what needs a restart, and says why', async () => {
  const streams = ['streams:', stream('one', 'phantom:#seed=3&rate=6')];
  configure(...streams);
  const { client, log, url } = await started();
  await client.waitFor('a picture', ({ type }) => type === 'frame', 30_000);
  const refusals: string[] = [];
  for (const lines of [
    ['allowedOrigins: [https://a.example]', ...streams],
    ['token: a-very-secret-token', ...streams],
    ['streams: [{ source: gopher }, 7]'],
    ['{'],
  ]) {
    configure(...lines);
    const { status, body } = await reload();
    expect(status).toBe(422);
    refusals.push((body.error as { readonly message: string }).message);
  }
  expect(refusals).toEqual([
    'allowedOrigins: expected [] until a restart, got ["https://a.example"]',
    'token: expected it as it was until a restart, got another',
    expect.stringMatching(/^streams\[1\]: expected/),
    expect.stringMatching(/^config: expected a readable YAML file/),
  ]);
  expect(log()).not.toContain('a-very-secret-token');
  expect(client.of('streams')).toEqual([]);
  expect(await metric('angiocast_config_reloads_total{outcome="refused"}')).toBe(4);
  const foreign = await fetch(`${url}/api/v1/reload`, { method: 'POST', headers: { origin: 'http://elsewhere.example' } });
  expect(foreign.status).toBe(403);
}, 120_000);

it('goes on with a run whose stream is renamed in its address, and ends when a reload leaves nothing that can be served', async () => {
  const gone = stream('gone', 'nothing.mp4');
  configure('streams:', stream('one', 'phantom:#seed=3&rate=6'), gone);
  const { client, log, process: program } = await started();
  const ended = new Promise<number | null>((resolve) => program.once('exit', resolve));
  await client.waitFor('a run', ({ type, phase }) => type === 'run' && phase === 'started', 30_000);
  configure('streams:', stream('one', 'phantom:#seed=3&rate=6&name=Room'), gone);
  const { body } = await reload();
  expect(body).toMatchObject({ streams: { changed: [], renamed: ['one'] } });
  await client.waitFor('a picture', ({ type }) => type === 'frame', 30_000, client.messages.length);
  expect(of(client, 'one').filter(({ state }) => state === 'lost' || state === 'ended')).toEqual([]);

  configure('streams:', gone);
  await reload().catch(() => undefined);
  expect(await ended).toBe(1);
  expect(log()).toContain('no such file');
}, 120_000);

it('has nothing to read again without a file', async () => {
  served = await serve({ sources: ['phantom:'] });
  const { status, body } = await reload();
  expect([status, (body.error as { readonly message: string }).message]).toEqual([
    422,
    'config: expected a file to read again (serve --config FILE), got none',
  ]);
}, 90_000);

it('refuses to start with a file that is not there', () => {
  const { status, stderr } = spawnSync(process.execPath, ['dist/main.node.js', 'serve', '--config', path.join(folder, 'none.yaml')], {
    cwd: root,
    encoding: 'utf8',
  });
  expect([status, stderr.trim().split('\n').length]).toEqual([2, 1]);
});
