import { type Served, serve } from '../../e2e/serve';
import { expectRecovered, watchSuite } from '../../e2e/suite';
import { sampleFeed } from '../../support/sample-data';
import { needs } from '../needs';
import { type Screen, screenNeeds, startScreen } from './screen';

needs(...screenNeeds);

let screen: Screen | undefined;
let served: Served | undefined;
afterEach(async () => {
  await served?.stop();
  await screen?.close();
});

it('recovers a suite from the screen that it is shown on', async () => {
  const feed = sampleFeed('suite-30fps');
  if (feed === undefined) return;
  screen = await startScreen(feed.truth.width, feed.truth.height);
  served = await serve({ sources: [`x11grab:${screen.display}#id=screen&size=${feed.truth.width}x${feed.truth.height}&rate=30`] });
  const endShow = await screen.play(feed.video);
  const report = await watchSuite(served, feed, 90_000);
  await endShow();
  console.info('x11', JSON.stringify(report));

  expectRecovered(report);
}, 180_000);
