import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { phantomRun } from '../../src/phantom/feed/phantom-run';
import { seededRandom } from '../../src/phantom/random';
import { ffmpegPath } from '../e2e/ffmpeg';
import { root } from '../e2e/serve';

/** The folder of the recordings for the faults; made before each run of the suite. */
export const feedFolder = path.join(root, 'out', 'faults', 'feeds');
export type FeedName = 'steady' | 'other-size' | 'other-codec' | 'other-rate' | 'goes-black' | 'freezes' | 'snows';
export const feed = (name: FeedName): string => path.join(feedFolder, `${name}.mp4`);

/** The image is this wide and high, and a panel with a clock stands to the right of it. */
const IMAGE = 256;
export const PANEL = 64;
/** Acquisitions a second. */
const RATE_HZ = 5;

type Showing = 'run' | 'black' | 'frozen' | 'snow';
interface Recipe {
  readonly fps: number;
  readonly size: number;
  readonly coding: readonly string[];
  /** What is shown for how many seconds, one after the other. */
  readonly shows: readonly (readonly [Showing, number])[];
}

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-crf', '14', '-g', '20', '-threads', '1'];
const steady: Recipe = { fps: 20, size: IMAGE, coding: h264, shows: [['run', 40]] };
/** When, and how long, a feed's pictures are at fault; then it begins anew. */
export const PICTURE_FAULT = { from: 7, seconds: 5, fps: 20 };
/** A fault of the picture itself, over and over. */
const between = (fault: Showing): Recipe => ({
  ...steady,
  shows: [
    ['run', PICTURE_FAULT.from],
    [fault, PICTURE_FAULT.seconds],
  ],
});
const recipes: Readonly<Record<FeedName, Recipe>> = {
  steady,
  'other-size': { ...steady, size: 320 },
  'other-codec': { ...steady, coding: ['-c:v', 'mpeg4', '-q:v', '2', '-bf', '0', '-g', '20'] },
  'other-rate': { ...steady, fps: 10, coding: h264 },
  'goes-black': between('black'),
  freezes: between('frozen'),
  snows: between('snow'),
};

/**
 * One endless simulated run, five images a second, under a running clock, in pictures small enough to watch a dozen at
 * once: contrast arrives within the first seconds; then it stays, each image with noise of its own.
 */
export async function makeFeeds(): Promise<void> {
  const { acquisitions, imageAt } = phantomRun(7_760_001, { width: IMAGE, height: IMAGE, rateHz: RATE_HZ });
  const run = Array.from({ length: acquisitions }, (_, n) => imageAt(n));
  for (const name of Object.keys(recipes) as FeedName[]) await record(name, run);
}

async function record(name: FeedName, run: readonly Uint8Array[]): Promise<void> {
  const { fps, size, coding, shows } = recipes[name];
  const [width, height] = [size + PANEL, size];
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-r', String(fps), '-i', 'pipe:0'];
  const encoder = spawn(ffmpegPath, ['-v', 'error', '-y', ...input, ...coding, '-pix_fmt', 'yuv420p', feed(name)], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const closed = once(encoder, 'close') as Promise<[number]>;
  const random = seededRandom(1);
  const pixels = new Uint8Array(width * height);
  let [frame, acquisition] = [0, -1];
  for (const [showing, seconds] of shows) {
    for (let n = 0; n < seconds * fps; n++, frame++) {
      const next = Math.floor((n * RATE_HZ) / fps);
      if (showing === 'black') pixels.fill(0);
      else if (showing === 'snow') for (let i = 0; i < pixels.length; i++) pixels[i] = 256 * random.uniform();
      else if (showing === 'run') {
        if (n === 0) acquisition = -1;
        if (next !== acquisition) draw(pixels, width, size, run, (acquisition = next));
        // Half an acquisition late, so that pictures show the clock alone.
        clock(pixels, width, Math.floor(frame / fps - 0.5 / RATE_HZ));
      }
      if (!encoder.stdin.write(Buffer.from(pixels))) await once(encoder.stdin, 'drain');
    }
  }
  encoder.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`ffmpeg could not encode ${name}: it ended with ${code}`);
}

/** Once a run is over, the mean of its last images stays, with fresh noise of so many grey levels to either side. */
const KEPT = 8;
const NOISE = 24;

function stained(run: readonly Uint8Array[], n: number): Uint8Array {
  const { uniform } = seededRandom(n);
  const last = run.slice(-KEPT);
  return Uint8Array.from({ length: IMAGE * IMAGE }, (_, i) => {
    const mean = last.reduce((sum, image) => sum + (image[i] as number), 0) / KEPT;
    return Math.max(0, Math.min(255, mean + NOISE * (uniform() - uniform())));
  });
}

function draw(pixels: Uint8Array, width: number, size: number, run: readonly Uint8Array[], n: number): void {
  const image = run[n] ?? stained(run, n);
  pixels.fill(16);
  const edge = (size - IMAGE) / 2;
  for (let row = 0; row < IMAGE; row++) pixels.set(image.subarray(row * IMAGE, (row + 1) * IMAGE), (row + edge) * width + edge);
}

/** Sixteen lamps that count seconds. */
function clock(pixels: Uint8Array, width: number, seconds: number): void {
  const left = width - PANEL + 8;
  for (let lamp = 0; lamp < 16; lamp++) {
    const lit = (seconds >> lamp) & 1;
    for (let row = 0; row < 8; row++)
      pixels.fill(lit ? 220 : 30, (16 + 10 * lamp + row) * width + left, (16 + 10 * lamp + row) * width + left + 40);
  }
}
