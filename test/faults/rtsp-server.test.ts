import { serve, type Served } from '../e2e/serve';
import { type Camera, startCamera } from './camera';
import type { FeedName } from './feeds';
import { sleep } from './sleep';
import { trial } from './trial';

let served: Served;
const cameras = new Map<string, Camera>();
beforeAll(async () => {
  for (const name of ['killed', 'hung', 'other-size', 'other-codec', 'other-rate']) cameras.set(name, await startCamera('steady'));
  served = await serve({
    sources: [...cameras].map(([name, { url }]) => `${url}#id=${name}`),
    args: ['--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'],
  });
}, 60_000);
afterAll(async () => {
  await served.stop();
  for (const camera of cameras.values()) await camera.close();
});
const camera = (name: string): Camera => cameras.get(name) as Camera;

interface Status {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly imageArea: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly captureRateHz: number;
}
async function status(id: string): Promise<Status> {
  const all = JSON.parse((await served.get('/api/v1/streams')).body) as readonly Status[];
  return all.find((one) => one.id === id) as Status;
}

it.concurrent('reports at once that a server was killed, and has pictures soon after it is back', async () => {
  const one = trial(served, 'killed', 'RTSP server killed, back after 3 s');
  await one.begins();
  await one.strikes();
  camera('killed').signal('SIGKILL');
  await one.shows(['lost']);
  await sleep(3000);
  expect(one.state()).toBe('lost');
  await camera('killed').restart();
  one.ends();
  await one.recovers(10_000);
  expect((await one.balances()).reconnects).toMatchObject({ ended: 1 });
});

it.concurrent('calls a stream whose server hangs frozen, then lost, and has pictures soon after it moves again', async () => {
  const one = trial(served, 'hung', 'RTSP server hung for 6 s (SIGSTOP)');
  await one.begins();
  await one.strikes();
  camera('hung').signal('SIGSTOP');
  await one.shows(['frozen']);
  await one.shows(['lost'], 4000);
  await sleep(3000);
  camera('hung').signal('SIGCONT');
  one.ends();
  await one.recovers(15_000);
  expect((await one.balances()).reconnects).toMatchObject({ stalled: 1 });
});

it.concurrent.each([
  ['other-size', 'another size', { width: 384, height: 320 }],
  ['other-codec', 'another codec', { width: 320, height: 256 }],
  ['other-rate', 'half the rate', { width: 320, height: 256 }],
] as const)(
  'takes a server that comes back with %s as it is: another run, and no mask of the one before',
  async (name: FeedName, what, size) => {
    const one = trial(served, name, `RTSP server restarted with ${what}`);
    await one.begins();
    const before = (await status(name)).imageArea;
    await one.strikes();
    const restarted = camera(name).restart(name);
    await one.shows(['lost']);
    await restarted;
    one.ends();
    await one.recovers(15_000);
    await sleep(2000);
    const now = await status(name);
    expect(now).toMatchObject(size);
    // The image lies in the middle of a larger picture, and where it lay in one of the same size.
    const moved = name === 'other-size' ? 32 : 0;
    for (const side of ['x', 'y'] as const) expect(Math.abs(now.imageArea[side] - before[side] - moved)).toBeLessThan(12);
    if (name === 'other-rate') expect(now.captureRateHz).toBeLessThan(14);
    const [ended, begun] = one.told('run');
    expect([ended?.phase, begun?.phase]).toEqual(['ended', 'started']);
    expect(begun?.run).not.toBe(ended?.run);
    const stale = one.told('mask').filter(({ run }) => run === ended?.run);
    const retired = one.told('invalid').filter(({ run }) => run === ended?.run);
    expect(retired.length).toBeGreaterThanOrEqual(stale.length > 0 ? 1 : 0);
    expect((await one.balances()).reconnects).toMatchObject({ ended: 1 });
  },
);
