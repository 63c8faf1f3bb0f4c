import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Message } from './client';
import { configure, ended, folder, forgotten, get, metric, of, reload, started, stream } from './reloading';
import { root } from './serve';
import { smallFeed } from './small-feeds';

afterEach(ended);
afterAll(forgotten);

const count = (message: Message | undefined): readonly unknown[] =>
  (message?.streams as readonly { readonly id: string }[]).map(({ id }) => id);
const rises = (numbers: readonly number[]): boolean => numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));

it('adds, changes and removes streams on SIGHUP, while another one and the clients notice nothing', async () => {
  configure('streams:', stream('stays', smallFeed('a')));
  const { client, process: program, log } = await started();
  await client.waitFor('a run', ({ type, phase }) => type === 'run' && phase === 'started', 30_000);
  const lists = (): readonly Message[] => client.of('streams');
  const hangUp = async (what: string, fits: (message: Message) => boolean): Promise<Message> => {
    const told = client.messages.length;
    program.kill('SIGHUP');
    return client.waitFor(what, fits, 30_000, told);
  };

  configure('streams:', stream('stays', smallFeed('a')), stream('comes', smallFeed('a')));
  expect(count(await hangUp('the new list', ({ type }) => type === 'streams'))).toEqual(['stays', 'comes']);
  await client.waitFor('a picture of it', ({ type, stream: id }) => type === 'frame' && id === 'comes', 30_000);
  expect(of(client, 'comes')[0]).toMatchObject({ type: 'snapshot', state: 'connecting' });

  await client.waitFor('a run of it', ({ type, stream: id }) => type === 'run' && id === 'comes', 30_000);
  configure('streams:', stream('stays', smallFeed('a')), stream('comes', smallFeed('b')));
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

  configure('streams:', stream('stays', smallFeed('a')));
  const last = hangUp('its end', ({ type, state, stream: id }) => type === 'stream' && state === 'ended' && id === 'comes');
  expect(await last).toMatchObject({ reason: 'removed from the configuration' });
  await client.waitFor('the list without it', () => lists().length === 2, 5_000);
  expect(count(lists()[1])).toEqual(['stays']);
  const left = (await get('/metrics')).split('\n').filter((line) => line.includes('stream="comes"'));
  expect(left).toEqual([]);
  expect(JSON.parse(await get('/api/v1/runs?stream=stays'))).not.toEqual([]);

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

it('changes nothing when the file is invalid or needs a restart, and logs why', async () => {
  const streams = ['streams:', stream('one', smallFeed('a'))];
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
    'token: expected the same value until a restart, got another',
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
  configure('streams:', stream('one', smallFeed('a')), gone);
  const { client, log, process: program } = await started();
  const exited = new Promise<number | null>((resolve) => program.once('exit', resolve));
  await client.waitFor('a run', ({ type, phase }) => type === 'run' && phase === 'started', 30_000);
  configure('streams:', stream('one', `${smallFeed('a')}&name=Room`), gone);
  const { body } = await reload();
  expect(body).toMatchObject({ streams: { changed: [], renamed: ['one'] } });
  await client.waitFor('a picture', ({ type }) => type === 'frame', 30_000, client.messages.length);
  expect(of(client, 'one').filter(({ state }) => state === 'lost' || state === 'ended')).toEqual([]);

  configure('streams:', gone);
  await reload().catch(() => undefined);
  expect(await exited).toBe(1);
  expect(log()).toContain('no such file');
}, 120_000);

it('has nothing to read again without a file', async () => {
  await started([smallFeed()]);
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
