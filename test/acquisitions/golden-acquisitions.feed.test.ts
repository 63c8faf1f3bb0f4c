import { readFileSync } from 'node:fs';
import { share } from 'rxjs';
import { withImageArea } from '../../src/acquire/image-area/image-area';
import { FEEDS, GOLDEN } from '../support/golden-feeds';
import { recording } from '../support/recording';
import { withSampleFeed } from '../support/sample-data';
import { type FeedResult, feedResult } from '../support/feed-results';

const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Readonly<Record<string, FeedResult>>;

/** `npm run bench:acquisitions` adds two hundred simulated patients; their images depend on the sines of Node. */
describe('acquisitions to the bit, runs and key frames', () => {
  for (const name of FEEDS) {
    it(
      `are those that were recorded of ${name}`,
      withSampleFeed(name, async (video, truth) => {
        const feed = recording(video, truth).pipe(share());
        const found = [feed, feed.pipe(withImageArea('auto'))].flatMap((source) => [feedResult(source), feedResult(source, true)]);
        const [given, searched] = [golden[name], golden[`${name}, area found`]];
        expect(await Promise.all(found)).toEqual([given, given, searched, searched]);
      }),
      600_000,
    );
  }
});
