import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { lastValueFrom, takeWhile, toArray } from 'rxjs';
import { phantomProgram } from '../../src/acquire/connection/phantom-feed.node';
import { everyFfmpeg, sleep, source } from './ffmpegs';

jest.setTimeout(60_000);

const generators = (): number =>
  execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((row) => row.includes('feed.node.js --url') && row.includes('--seed 4711')).length;

it('shows the simulated suite with every ffmpeg, and ends its generator with it', async () => {
  // Built by `npm run build`, with which `npm run test:time` begins.
  expect(existsSync(phantomProgram)).toBe(true);
  for (const ffmpeg of await everyFfmpeg()) {
    const events = await lastValueFrom(
      source('phantom:#seed=4711', ffmpeg).pipe(
        takeWhile((event) => event.kind !== 'frame' || event.frame.index < 20, true),
        toArray(),
      ),
    );
    expect(events.slice(0, 2).map((event) => event.kind)).toEqual(['connecting', 'connected']);
    expect(events.filter((event) => event.kind === 'frame')).toHaveLength(21);
    await sleep(1200);
    expect(generators()).toBe(0);
  }
});
