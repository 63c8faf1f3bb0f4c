import type { Message } from '../../e2e/client';
import { type Served, serve } from '../../e2e/serve';
import { expectRecovered, fates, watchSuite } from '../../e2e/suite';
import { sampleFeed } from '../../support/sample-data';
import { needs } from '../needs';
import type { ServerProcess } from '../server-process';
import { gstRtspNeeds, startGstRtsp } from './gst-rtsp';

needs(gstRtspNeeds);

let server: ServerProcess | undefined;
let served: Served | undefined;
afterEach(async () => {
  await served?.stop();
  await server?.close();
  [served, server] = [undefined, undefined];
});

const feed = sampleFeed('suite-30fps');

describe.each(['tcp', 'udp'])('a suite pulled from GStreamer over %s', (transport) => {
  it('is recovered: every acquisition once, both runs, the paper’s key frames, their masks and every frame’s fate', async () => {
    if (feed === undefined) return;
    server = await startGstRtsp(feed.video, 'once');
    served = await serve({ sources: [`${server.url}#id=suite&transport=${transport}`] });
    const report = await watchSuite(served, feed, 90_000);
    console.info(transport, JSON.stringify(report));

    expectRecovered(report);

    // The feed goes on for a second after the last hold; then the server ends it, and all frames must be accounted for.
    await served.client.waitFor('loss of the source', ({ type, state }) => type === 'stream' && state === 'lost', 20_000);
    const counts = fates((await served.get('/metrics')).body);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(feed.truth.frameCount);
  }, 180_000);
});

it('comes back soon after the server does, without turning time back', async () => {
  if (feed === undefined) return;
  server = await startGstRtsp(feed.video);
  served = await serve({ sources: [`${server.url}#id=suite`] });
  const { client } = served;
  const pictures = ({ type, state }: Message): boolean => type === 'stream' && (state === 'live' || state === 'held');
  await client.waitFor('pictures', pictures, 60_000);

  const waits: number[] = [];
  for (let round = 0; round < 5; round++) {
    const told = client.messages.length;
    await server.kill('SIGKILL');
    await client.waitFor('a loss', ({ type, state }) => type === 'stream' && state === 'lost', 20_000, told);
    await new Promise((resolve) => setTimeout(resolve, 300 * round));
    const gone = client.messages.length;
    await server.restart();
    const back = Date.now();
    await client.waitFor('pictures again', pictures, 30_000, gone);
    waits.push(Date.now() - back);
  }
  console.info('ms from server back to pictures', waits);
  expect(waits.sort((a, b) => a - b)[2]).toBeLessThanOrEqual(1_500);

  const times = client.of('frame').map(({ capturedAt }) => Number(capturedAt));
  expect(times).toEqual([...times].sort((a, b) => a - b));
}, 180_000);
