import { serve, type Served } from '../e2e/serve';
import { needs } from '../extra/needs';
import { type Cable, layCable } from './cable';
import { type Camera, startCamera } from './camera';
import { sleep } from './sleep';
import { trial } from './trial';

needs({
  check: 'ip netns add angiocast-check && ip netns del angiocast-check',
  install: 'iproute2; and run as root: a cable is pulled between two network namespaces',
});

let cable: Cable;
let camera: Camera;
let served: Served;
beforeAll(async () => {
  cable = layCable(`cable${process.pid % 100_000}`);
  camera = await startCamera('steady', cable.far);
  served = await serve({ sources: [`${camera.url}#id=far`], args: ['--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'] });
}, 60_000);
afterAll(async () => {
  await served.stop();
  await camera.close();
  cable.remove();
});

it('reports a half-open connection within a second, and has pictures soon after the cable is plugged in again', async () => {
  const one = trial(served, 'far', 'cable pulled for 8 s (half-open TCP)');
  await one.begins();
  await one.strikes();
  cable.pull();
  await one.shows(['frozen']);
  await one.shows(['lost'], 4000);
  await sleep(5500);
  cable.plug();
  one.ends();
  await one.recovers(15_000);
  await one.balances();
});

/** Two thirds of what the camera sends: a picture that is sent t s from now arrives half of that late. */
const TOO_NARROW_KBIT = 1200;

it('does not call pictures live that come more than a second late, and loses none when the cable is wide again', async () => {
  const one = trial(served, 'far', 'cable too narrow for 7 s');
  await one.begins();
  await one.strikes();
  cable.narrow(TOO_NARROW_KBIT);
  const { reason } = await one.shows(['frozen'], 6000);
  expect(reason).toBe('pictures arrive late');
  await sleep(3000);
  expect(one.state()).toBe('frozen');
  cable.widen();
  one.ends();
  await one.recovers(5000);
  const { captured, fates, reconnects } = await one.balances();
  expect(reconnects).toEqual({});
  expect((fates.unique ?? 0) + (fates.repeated ?? 0)).toBe(captured);
});

it('reconnects to what is shown now when pictures stay late', async () => {
  const one = trial(served, 'far', 'cable too narrow for 20 s');
  await one.begins();
  await one.strikes();
  cable.narrow(TOO_NARROW_KBIT);
  await one.shows(['frozen'], 6000);
  const { reason } = await one.shows(['lost'], 20_000);
  expect(reason).toMatch(/pictures arrived [\d.]+ s late$/);
  cable.widen();
  one.ends();
  await one.recovers(10_000);
  expect((await one.balances()).reconnects).toEqual({ late: 1 });
});
