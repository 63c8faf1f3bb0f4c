import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serve, type Served } from '../e2e/serve';
import { feed } from './feeds';
import { sleep } from './sleep';
import { trial } from './trial';

const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-inference-'));
const file = path.join(folder, 'fault.json');

let served: Served;
beforeAll(async () => {
  const preload = `--require ${path.join(__dirname, 'faulty-inference.js')} --max-old-space-size=256`;
  served = await serve({
    sources: [`${feed('freezes')}#id=suite&repeat=1`],
    args: ['--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'],
    env: { FAULT_FILE: file, NODE_OPTIONS: preload },
  });
}, 60_000);
afterAll(async () => {
  await served.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function count(pattern: RegExp): Promise<number> {
  return Number(pattern.exec((await served.get('/metrics')).body)?.[1] ?? NaN);
}
const inferences = (): Promise<number> => count(/^angiocast_stage_duration_seconds_count\{[^}]*stage="infer"[^}]*\} (\d+)/m);
const failures = async (): Promise<readonly number[]> =>
  Promise.all(
    ['crashed', 'timed-out'].map((reason) => count(new RegExp(`^angiocast_inference_failures_total\\{reason="${reason}"\\} (\\d+)`, 'm'))),
  );
const replaced = (): readonly string[] =>
  [...served.log().matchAll(/"reason":"([^"]*)","msg":"inference worker replaced"/g)].map(([, why = '']) => why);
const struckAt = (): number => (JSON.parse(readFileSync(file, 'utf8')) as { readonly struckAt: number }).struckAt;

/** The worker fails at its next inference; resolves when it was replaced and has computed again. */
async function fails(fault: string, times: number): Promise<{ readonly noticedMs: number; readonly computesMs: number }> {
  const [before, dead] = [await inferences(), replaced().length];
  writeFileSync(file, JSON.stringify({ fault, times }));
  const deadline = Date.now() + 40_000;
  const waits = (): boolean => {
    if (served.process.exitCode !== null || served.process.signalCode !== null || Date.now() > deadline)
      throw new Error(served.log().slice(-3000));
    return true;
  };
  while (replaced().length < dead + times && waits()) await sleep(10);
  const noticedAt = Date.now();
  while ((await inferences()) === before && waits()) await sleep(20);
  return { noticedMs: noticedAt - struckAt(), computesMs: Date.now() - noticedAt };
}

it.each([
  ['throws', 'the inference worker crashed: made to throw', 1000],
  ['exits', 'the inference worker ended with code 7', 1000],
  ['refuses', 'the graph failed', 1000],
  ['eats memory', 'memory limit', 3000],
  ['spins', 'no answer from the inference worker within 2000 ms', 3000],
  ['stuck', 'no answer from the inference worker within 2000 ms', 3000],
])('replaces an inference worker that %s, loses no mask by it and delays no picture', async (fault, reason, withinMs) => {
  const one = trial(served, 'suite', `inference worker ${fault}`);
  await one.begins();
  const before = await failures();
  await one.strikes();
  const { noticedMs, computesMs } = await fails(fault, 1);
  one.noticed(noticedMs, `${one.state()}; masks wait ${((noticedMs + computesMs) / 1000).toFixed(1)} s`);
  expect(replaced().at(-1)).toContain(reason);
  expect(noticedMs).toBeLessThan(withinMs);
  await one.recovers(20_000);
  expect(await failures()).toEqual(before);
  expect((await one.balances()).reconnects).toEqual({});
});

it('counts the inference that a worker failed twice, and computes the next', async () => {
  const one = trial(served, 'suite', 'inference worker throws twice');
  const [crashed = 0] = await failures();
  await one.strikes();
  const { noticedMs } = await fails('throws', 2);
  one.noticed(noticedMs, `${one.state()}; one mask fewer`);
  expect((await failures())[0]).toBe(crashed + 1);
  await one.recovers(20_000);
  await one.balances();
});
