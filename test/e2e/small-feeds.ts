import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { recordSmallSuite } from '../support/small-suite';
import { ffmpegPath } from './ffmpeg';
import { root } from './serve';

const folder = path.join(root, 'out', 'e2e');
const seeds = { a: 3, b: 4 };

/**
 * A 320×256 monitor that costs little to read, for tests that are not about the feed: three runs of five seconds, five
 * acquisitions a second, over and over.
 */
export const smallFeed = (name: keyof typeof seeds = 'a'): string =>
  `file:${path.join(folder, `${name}.mp4`)}#repeat=1&imageArea=0,0,256,256`;

/** Before the suite: the recordings. */
export default async function prepare(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [name, seed] of Object.entries(seeds))
    await recordSmallSuite(path.join(folder, `${name}.mp4`), { seed, patients: 3, ffmpeg: ffmpegPath });
}
