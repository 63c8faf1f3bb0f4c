import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, serve, type Served } from '../e2e/serve';
import { feed } from './feeds';
import { until } from './sleep';
import { keep } from './table';
import { trial } from './trial';

const bundles = path.join(root, 'test/fixtures/bundles');
const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-model-'));
const fault = path.join(folder, 'fault.json');
function copy(name: string): string {
  const bundle = path.join(folder, name);
  cpSync(path.join(bundles, 'tiny'), bundle, { recursive: true });
  return bundle;
}
/** The card fits the file, so that only the graph itself is wrong. */
function sign(bundle: string): void {
  const card = path.join(bundle, 'model.json');
  const sha256 = createHash('sha256')
    .update(readFileSync(path.join(bundle, 'model.onnx')))
    .digest('hex');
  writeFileSync(card, readFileSync(card, 'utf8').replace(/"sha256": "[^"]*"/, `"sha256": "${sha256}"`));
}

let served: Served | undefined;
afterAll(async () => {
  await served?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['is cut off', 'truncated', (bundle: string) => truncateSync(path.join(bundle, 'model.onnx'), 1000), /model\.onnx: its SHA-256 is/],
  [
    'is cut off, and its card says so',
    'truncated and signed',
    (bundle: string) => (truncateSync(path.join(bundle, 'model.onnx'), 1000), sign(bundle)),
    /model\.onnx: .*(?:protobuf|parsing|invalid|failed)/i,
  ],
  [
    'has other shapes than its card',
    'wrong shapes',
    (bundle: string) => (copyFileSync(path.join(bundles, 'other-shape/model.onnx'), path.join(bundle, 'model.onnx')), sign(bundle)),
    /model\.onnx: .*(?:Expected|no input|no output)/,
  ],
  ['is not there', 'missing', (bundle: string) => rmSync(path.join(bundle, 'model.onnx')), /model\.onnx: cannot be read \(ENOENT\)/],
])('does not start with a model that %s, and reports it in one line', (_, name, spoil, complaint) => {
  const bundle = copy(name);
  spoil(bundle);
  const args = ['dist/main.node.js', 'serve', '--port', '0', '--provider', 'cpu', '--model', bundle, '--source', `${feed('steady')}#id=a`];
  const { status, stderr } = spawnSync(process.execPath, args, {
    ...{ cwd: root, encoding: 'utf8', timeout: 30_000, env: { ...process.env, ANGIOCAST_LOG_LEVEL: 'warn' } },
  });
  const said = stderr.trim().split('\n');
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(complaint);
  expect(status).toBe(2);
  keep({ fault: `model ${name}, at start`, shown: 'one line; exit code 2', detectedMs: null, recoveredMs: null, lost: '—', counted: '—' });
});

it('computes with the model it has while its file is spoilt, gives no mask of another after a crash, and computes again when the file is whole', async () => {
  const bundle = copy('at work');
  const preload = `--require ${path.join(__dirname, 'faulty-inference.js')}`;
  served = await serve({
    sources: [`${feed('freezes')}#id=suite&repeat=1`],
    args: ['--model', bundle, '--provider', 'cpu'],
    env: { FAULT_FILE: fault, NODE_OPTIONS: preload },
  });
  const count = async (pattern: RegExp): Promise<number> => Number(pattern.exec((await served?.get('/metrics'))?.body ?? '')?.[1]);
  const inferences = (): Promise<number> => count(/^angiocast_stage_duration_seconds_count\{[^}]*stage="infer"[^}]*\} (\d+)/m);
  const failures = (): Promise<number> => count(/^angiocast_inference_failures_total\{reason="crashed"\} (\d+)/m);
  const one = trial(served, 'suite', 'model file truncated at work, then its worker dies');
  await one.begins();
  await one.strikes();
  truncateSync(path.join(bundle, 'model.onnx'), 1000);
  const before = await inferences();
  await until('it computes', async () => (await inferences()) > before, 20_000);

  writeFileSync(fault, JSON.stringify({ fault: 'throws', times: 1 }));
  const noticed = await until('the next inference fails', async () => (await failures()) > 0, 20_000);
  one.noticed(noticed, `${one.state()}; no masks`);
  copyFileSync(path.join(bundles, 'tiny/model.onnx'), path.join(bundle, 'model.onnx'));
  one.ends();
  const failed = await inferences();
  await until('it computes again', async () => (await inferences()) > failed, 20_000);
  await one.recovers(20_000);
  expect((await one.balances()).reconnects).toEqual({});
});
