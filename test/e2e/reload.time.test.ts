import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Message } from './client';
import { bundle, configure, ended, forgotten, get, metric, of, reload, started, stream } from './reloading';
import { smallFeed } from './small-feeds';
import { fates } from './suite';

afterEach(ended);
afterAll(forgotten);

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, one) => sum + one, 0);
const versionOf = (message: Message): unknown => (message.model as { readonly version: string }).version;

it('swaps the model under load: no frame is lost, every mask names the model that made it, and a broken bundle changes nothing', async () => {
  const streams = ['streams:', stream('one', smallFeed('a')), stream('two', smallFeed('b'))];
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
  const rows = JSON.parse(await get('/api/v1/streams')) as readonly {
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
  const metrics = await get('/metrics');
  const unaccounted: number[] = [];
  for (const id of ['one', 'two']) {
    const captured = Number(new RegExp(`^angiocast_frames_captured_total\\{stream="${id}"\\} (\\d+)$`, 'm').exec(metrics)?.[1]);
    const fate = fates(metrics, id);
    unaccounted.push(captured - total(fate));
    // The small recording draws some images over two pictures.
    expect(Object.keys(fate).filter((name) => /dropped_(?!idle|blank|mixed)/.test(name) && fate[name] !== 0)).toEqual([]);
    expect(of(client, id).some(({ state }) => state === 'lost')).toBe(false);
  }
  // A picture that may open a run waits for its company: its fate is not known yet.
  expect(Math.max(...unaccounted)).toBeLessThanOrEqual(3);
  process.stdout.write(
    `swap under load: ${Math.round(Number(swapped.body.tookMs))} ms, ${masks(own).length} masks of the old model, ${masks('9.9.9').length} of the new, ` +
      `captured frames without a fate yet: ${unaccounted.join(', ')}\n`,
  );
}, 240_000);
