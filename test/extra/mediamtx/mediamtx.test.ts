import { serve } from '../../e2e/serve';
import { expectRecovered, watchSuite } from '../../e2e/suite';
import { sampleFeed } from '../../support/sample-data';
import { needs } from '../needs';
import { mediaMtxNeeds, startMediaMtx } from './mediamtx';

needs(mediaMtxNeeds);

const feed = sampleFeed('suite-30fps');

it.each(['tcp', 'udp'])(
  'recovers a suite published to MediaMTX, over %s',
  async (transport) => {
    if (feed === undefined) return;
    const server = await startMediaMtx(feed.video);
    try {
      const served = await serve({ sources: [`${server.url}#id=suite&transport=${transport}`] });
      try {
        await server.publish();
        const report = await watchSuite(served, feed, 120_000);
        console.info(transport, JSON.stringify(report));
        expectRecovered(report);
      } finally {
        await served.stop();
      }
    } finally {
      await server.close();
    }
  },
  200_000,
);
