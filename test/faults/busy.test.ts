import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { serve, type Served } from '../e2e/serve';
import { type Camera, startCamera } from './camera';
import { sleep } from './sleep';
import { trial } from './trial';

let served: Served;
let camera: Camera;
const neighbours: ChildProcess[] = [];
beforeAll(async () => {
  camera = await startCamera('steady');
  served = await serve({ sources: [`${camera.url}#id=suite`], args: ['--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'] });
}, 60_000);
afterAll(async () => {
  for (const neighbour of neighbours) neighbour.kill('SIGKILL');
  await served.stop();
  await camera.close();
});

it('loses no picture and calls nothing lost while neighbours take all processors', async () => {
  const one = trial(served, 'suite', 'all processors busy for 8 s', camera.pictures);
  await one.begins();
  await one.strikes();
  for (let n = 0; n < 2 * availableParallelism(); n++) neighbours.push(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  await sleep(8000);
  for (const neighbour of neighbours) neighbour.kill('SIGKILL');
  one.ends();
  await one.recovers(10_000);
  const { captured, fates, reconnects } = await one.balances();
  expect(reconnects).toEqual({});
  expect((fates.unique ?? 0) + (fates.repeated ?? 0) + (fates.dropped_overload ?? 0)).toBe(captured);
  expect(one.told('stream').filter(({ state }) => state === 'lost')).toEqual([]);
});
