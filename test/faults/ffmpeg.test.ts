import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ffmpegPath } from '../e2e/ffmpeg';
import { root, serve, type Served } from '../e2e/serve';
import { type Camera, startCamera } from './camera';
import { readerOf } from './processes';
import { sleep } from './sleep';
import { trial } from './trial';

const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-ffmpeg-'));
const wrapper = path.join(folder, 'ffmpeg');
/** The real ffmpeg, beside a process that floods the same standard error on request. */
const script = `#!/bin/sh
case "$*" in *" -i rtsp"*)
  (while kill -0 $$ 2>/dev/null && [ ! -e "${folder}/scream-$PPID" ]; do sleep 0.1; done
   for n in $(seq 50); do kill -0 $$ 2>/dev/null || exit; yes '[h264 @ 0x1] [warning] nobody needs to know this' | head -n 2000 >&2; sleep 0.1; done) >/dev/null &
esac
exec ${ffmpegPath} "$@"
`;
const names = ['killed', 'hung', 'floods'] as const;
const cameras = new Map<string, Camera>();
let served: Served;
beforeAll(async () => {
  writeFileSync(wrapper, script);
  chmodSync(wrapper, 0o755);
  for (const name of names) cameras.set(name, await startCamera('steady'));
  served = await serve({
    sources: names.map((name) => `${cameras.get(name)?.url}#id=${name}`),
    args: ['--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'],
    env: { FFMPEG_PATH: wrapper },
  });
}, 60_000);
afterAll(async () => {
  await served.stop();
  for (const camera of cameras.values()) await camera.close();
  rmSync(folder, { recursive: true, force: true });
});
const camera = (name: string): Camera => cameras.get(name) as Camera;

it('goes on after its ffmpeg was killed', async () => {
  const one = trial(served, 'killed', 'ffmpeg killed', camera('killed').pictures);
  await one.begins();
  await one.strikes();
  process.kill(readerOf(camera('killed').url), 'SIGKILL');
  one.ends();
  await one.shows(['lost']);
  await one.recovers(10_000);
  expect((await one.balances()).reconnects).toEqual({ crashed: 1 });
});

it('ends an ffmpeg that hangs, and starts another', async () => {
  const one = trial(served, 'hung', 'ffmpeg hung (SIGSTOP)', camera('hung').pictures);
  await one.begins();
  await one.strikes();
  process.kill(readerOf(camera('hung').url), 'SIGSTOP');
  one.ends();
  await one.shows(['frozen']);
  await one.recovers(10_000);
  expect((await one.balances()).reconnects).toEqual({ stalled: 1 });
});

it('keeps pace while its ffmpeg floods standard error', async () => {
  const one = trial(served, 'floods', 'ffmpeg floods standard error: 100 000 lines in 5 s', camera('floods').pictures);
  await one.begins();
  await one.strikes();
  writeFileSync(path.join(folder, `scream-${served.process.pid}`), '');
  await sleep(5000);
  one.ends();
  await one.recovers(10_000);
  const { captured, fates, reconnects } = await one.balances();
  expect(captured).toBeGreaterThan(85);
  expect(Object.keys(fates).sort()).toEqual(['repeated', 'unique']);
  expect(reconnects).toEqual({});
  expect(one.told('stream')).toEqual([]);
});

it('reports that ffmpeg is gone, and goes on when it is back', async () => {
  const one = trial(served, 'killed', 'ffmpeg removed for 3 s', camera('killed').pictures);
  await one.strikes();
  renameSync(wrapper, `${wrapper}.away`);
  process.kill(readerOf(camera('killed').url), 'SIGKILL');
  await one.shows(['lost']);
  await sleep(3000);
  renameSync(`${wrapper}.away`, wrapper);
  one.ends();
  await one.recovers(10_000);
  expect((await one.balances()).reconnects.crashed).toBeGreaterThan(1);
});

it.each([
  ['that is not there', path.join(folder, 'nowhere'), ''],
  ['that is none', path.join(folder, 'other'), '#!/bin/sh\necho "avconv version 9"\n'],
])('does not start with an ffmpeg %s, and reports it in one line', (_, file, text) => {
  if (text !== '') writeFileSync(file, text, { mode: 0o755 });
  const { status, stderr } = spawnSync(process.execPath, ['dist/main.node.js', 'serve', '--port', '0'], {
    ...{ cwd: root, encoding: 'utf8', timeout: 20_000, env: { ...process.env, FFMPEG_PATH: file } },
  });
  expect(stderr).toMatch(/^angiocast: FFMPEG_PATH: expected a working ffmpeg, got .*$/m);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(status).toBe(1);
});
