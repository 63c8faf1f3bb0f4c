import { serve, type Served } from '../e2e/serve';
import { type Camera, startCamera } from './camera';
import { type FeedName, PICTURE_FAULT } from './feeds';
import { until } from './sleep';
import { trial } from './trial';

const names = ['goes-black', 'freezes', 'snows'] as const;
let served: Served;
const cameras = new Map<FeedName, Camera>();
beforeAll(async () => {
  for (const name of names) cameras.set(name, await startCamera(name));
  served = await serve({
    sources: names.map((name) => `${cameras.get(name)?.url}#id=${name}`),
    args: ['--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'],
  });
}, 60_000);
afterAll(async () => {
  await served.stop();
  for (const camera of cameras.values()) await camera.close();
});

/** The next time that the feed's pictures are at fault. */
function watch(name: FeedName, fault: string) {
  const { from, seconds, fps } = PICTURE_FAULT;
  const camera = cameras.get(name) as Camera;
  const atFault = (): boolean => camera.pictures() % ((from + seconds) * fps) >= from * fps;
  const one = trial(served, name, fault, camera.pictures);
  return {
    ...one,
    /** The feed is opened anew, so that the run begins with it. */
    begins: async () => {
      await camera.restart();
      await until('its run is seen', () => one.state() === 'live', 10_000);
      await until('its pictures are at fault', atFault, 20_000);
    },
    ends: async () => {
      await until('its pictures are well again', () => !atFault(), 20_000);
      one.ends();
    },
  };
}

it.concurrent.each([
  ['goes-black', 'feed goes black for 5 s'],
  ['snows', 'feed shows noise for 5 s'],
] as const)('reports within a second that there is no image where a feed %s, and finds its next run', async (name, fault) => {
  const one = watch(name, fault);
  await one.begins();
  await one.strikes();
  expect(await one.shows(['held'])).toMatchObject({ reason: 'blank picture' });
  await one.ends();
  await one.recovers(10_000);
  const { fates, reconnects } = await one.balances();
  expect(fates.dropped_blank).toBeGreaterThan(90);
  expect(reconnects).toEqual({});
});

it.concurrent('calls a picture that stands still held, and frozen once its clock has missed three beats', async () => {
  const one = watch('freezes', 'feed freezes for 5 s');
  await one.begins();
  await one.strikes();
  // Sooner, it cannot be told from a run whose next image takes longer.
  await one.shows(['held'], 2500);
  expect(await one.shows(['frozen'], 4500)).toMatchObject({ reason: 'nothing on the monitor moves' });
  await one.ends();
  await one.recovers(10_000);
  expect((await one.balances()).reconnects).toEqual({});
});
