import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serve, type Served } from '../e2e/serve';
import { needs } from '../extra/needs';
import { type Camera, startCamera } from './camera';
import { sleep } from './sleep';
import { trial } from './trial';

const library = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`).find(existsSync) ?? '';
needs({ check: `test -e "${library}"`, install: 'faketime' });

const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-clock-'));
const file = path.join(folder, 'time');
const step = (offset: string): void => writeFileSync(file, `${offset}\n`);

let served: Served;
let camera: Camera;
beforeAll(async () => {
  step('+0');
  camera = await startCamera('steady');
  served = await serve({
    sources: [`${camera.url}#id=suite`],
    args: ['--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'],
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
  });
}, 60_000);
afterAll(async () => {
  await served.stop();
  await camera.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['ahead', '+3600'],
  ['back', '-3600'],
])('notices nothing of a wall clock that is stepped an hour %s', async (direction, offset) => {
  const one = trial(served, 'suite', `wall clock stepped an hour ${direction}`, camera.pictures);
  await one.begins();
  await one.strikes();
  step(offset);
  const steppedAt = Date.now();
  await sleep(3000);
  // That the step reached the program at all is seen in its answers' dates, which are wall time.
  const date = Date.parse((await fetch(`${served.url}/healthz`)).headers.get('date') ?? '');
  expect(Math.abs(date - Date.now())).toBeGreaterThan(3_000_000);
  step('+0');
  await one.recovers(5_000);
  const times = one.told('frame').map(({ capturedAt }) => Number(capturedAt));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times.every((time) => Math.abs(time - steppedAt) < 60_000)).toBe(true);
  expect(one.told('stream')).toEqual([]);
  expect(times.length).toBeGreaterThan(10);
  await one.balances();
});
