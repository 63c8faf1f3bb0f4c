/**
 * Whether the pixel path still gives the same: acquisitions to the bit, runs and key frames of the sample feeds and of
 * simulated patients against test/golden/acquisitions.json. `npm run bench:acquisitions -- [RUNS]` compares the results
 * of the kernels, `npm run bench:acquisitions -- RUNS record` records those of the plain arithmetic.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { concat, of } from 'rxjs';
import { withImageArea } from '../src/acquire/image-area/image-area';
import { FEEDS, GOLDEN } from '../test/support/golden-feeds';
import { recording } from '../test/support/recording';
import { sampleFeed } from '../test/support/sample-data';
import { type FeedResult, feedResult } from '../test/support/feed-results';
import { shownRun } from './phantom-feed';

const [count, mode] = [Number(process.argv[2] ?? 200), process.argv[3] ?? 'compare'];
const live = mode !== 'record';

async function* all(): AsyncGenerator<readonly [string, FeedResult]> {
  for (const name of FEEDS) {
    const feed = sampleFeed(name);
    if (!feed) continue;
    yield [name, await feedResult(recording(feed.video, feed.truth), live)];
    yield [`${name}, area found`, await feedResult(recording(feed.video, feed.truth).pipe(withImageArea('auto')), live)];
  }
  for (let seed = 1; seed <= count; seed++) {
    const { events, endsAt } = shownRun(seed, 0, 0);
    yield [`patient ${seed}`, await feedResult(concat(events, of({ kind: 'ended', at: endsAt } as const)), live)];
  }
}

async function main(): Promise<void> {
  const golden = mode === 'record' ? {} : (JSON.parse(readFileSync(GOLDEN, 'utf8')) as Record<string, FeedResult>);
  let [same, different] = [0, 0];
  for await (const [name, found] of all()) {
    if (mode === 'record') golden[name] = found;
    else if (JSON.stringify(golden[name]) === JSON.stringify(found)) same++;
    else {
      different++;
      process.stdout.write(`${name}: expected ${JSON.stringify(golden[name])}, got ${JSON.stringify(found)}\n`);
    }
  }
  if (mode === 'record') {
    mkdirSync(path.dirname(GOLDEN), { recursive: true });
    const lines = Object.entries(golden).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
    writeFileSync(GOLDEN, `{\n${lines.join(',\n')}\n}\n`);
    process.stdout.write(`${Object.keys(golden).length} feeds recorded\n`);
  } else {
    process.stdout.write(`${same} feeds as recorded, ${different} not\n`);
    process.exitCode = different === 0 && same > 0 ? 0 : 1;
  }
}

void main();
