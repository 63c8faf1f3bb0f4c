import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { drawText } from '../../src/phantom/feed/monitor';
import { phantomRun } from '../../src/phantom/feed/phantom-run';
import { SUITE_SEEDS } from '../../src/phantom/feed/suite';

/** The image stands at the top left of the monitor, a panel with a clock to its right. */
const IMAGE = 256;
export const SMALL_IMAGE_AREA = `0,0,${IMAGE},${IMAGE}`;
const RATE_HZ = 5;
const [IDLE_SECONDS, HOLD_SECONDS] = [1, 1.5];

export interface SmallSuite {
  readonly seed: number;
  readonly patients: number;
  readonly ffmpeg: string;
  readonly fps?: number;
  /** Of the monitor; the image does not grow with it. */
  readonly width?: number;
  readonly height?: number;
}

/**
 * Records a monitor small enough that two cores carry several: dark screen, run, last image hold, next patient. Five
 * images a second and runs of five seconds, so that much happens in a minute. A key picture every second, for clients
 * that join late.
 */
export async function recordSmallSuite(
  video: string,
  { seed, patients, ffmpeg, fps = 30, width = 320, height = IMAGE }: SmallSuite,
): Promise<void> {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-r', String(fps), '-i', 'pipe:0'];
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-crf', '14', '-g', String(fps), '-threads', '1'];
  const encoder = spawn(ffmpeg, ['-v', 'error', '-y', ...input, ...coding, '-pix_fmt', 'yuv420p', video], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const closed = once(encoder, 'close') as Promise<[number]>;
  const pixels = Buffer.alloc(width * height);
  let shown = 0;
  const show = async (image: Uint8Array | null, seconds: number): Promise<void> => {
    for (const until = shown + Math.round(seconds * fps); shown < until; shown += 1) {
      pixels.fill(16);
      for (let row = 0; row < IMAGE; row += 1) {
        if (image) pixels.set(image.subarray(row * IMAGE, (row + 1) * IMAGE), row * width);
        else pixels.fill(0, row * width, row * width + IMAGE);
      }
      const clock = new Date(Math.floor(shown / fps) * 1000).toISOString().slice(14, 19);
      drawText({ width, height, pixels }, clock, IMAGE + 2, 20, 2, 150);
      await new Promise((written) => encoder.stdin.write(Buffer.from(pixels), written));
    }
  };
  for (let patient = 0; patient < patients; patient += 1) {
    const { acquisitions, imageAt } = phantomRun(SUITE_SEEDS + 1000 * seed + patient, { width: IMAGE, height: IMAGE, rateHz: RATE_HZ });
    await show(null, IDLE_SECONDS);
    let image = new Uint8Array(0);
    for (let n = 0; n < acquisitions; n += 1) await show((image = imageAt(n)), 1 / RATE_HZ);
    await show(image, HOLD_SECONDS);
  }
  encoder.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`ffmpeg could not encode the suite: it ended with ${code}`);
}
