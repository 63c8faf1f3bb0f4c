import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { seededRandom } from '../../src/phantom/random';
import { freePort, root } from '../e2e/serve';
import { type Camera, startCamera } from './camera';
import { feed } from './feeds';
import { descendants, living } from './processes';
import { sleep, until } from './sleep';
import { keep } from './table';

const random = seededRandom(11);
/** While the program loads, when it opens its sources, and at work. */
const moments = [
  [0, 300],
  [300, 900],
  [900, 1600],
  [1600, 2600],
  [2600, 5000],
].map(([from = 0, to = 0]) => Math.round(random.between(from, to)));

let camera: Camera;
const programs: ChildProcess[] = [];
beforeAll(async () => (camera = await startCamera('steady')));
afterAll(async () => {
  for (const program of programs) program.kill('SIGKILL');
  await camera.close();
});

it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'ends within two seconds of %s, whenever it comes, and leaves no process',
  async (signal) => {
    const [exits, leftovers]: number[][] = [[], []];
    for (const moment of moments) {
      const sources = [camera.url, `${feed('freezes')}#repeat=1`, 'phantom:#seed=2'].flatMap((source) => ['--source', source]);
      const model = ['--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'];
      const args = ['dist/main.node.js', 'serve', '--port', String(await freePort()), ...model, ...sources];
      const program = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
      programs.push(program);
      await sleep(moment);
      const children = descendants(program.pid ?? NaN);
      const asked = Date.now();
      program.kill(signal);
      await once(program, 'exit');
      exits?.push(Date.now() - asked);
      // In the first second it only probes for ffmpeg, and those processes end by themselves.
      leftovers?.push(
        await until(`${children.length} children of ${signal} after ${moment} ms end`, () => living(children).length === 0, 2000),
      );
    }
    keep({
      ...{ fault: `${signal} at any moment`, shown: 'the connection closes', detectedMs: Math.max(...(exits ?? [])), recoveredMs: null },
      ...{ lost: 'what was under way', counted: `its ffmpegs are gone ${Math.max(...(leftovers ?? []))} ms later` },
    });
    expect(Math.max(...(exits ?? []))).toBeLessThan(2000);
  },
);
