import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { drawClock, MONITOR_HEIGHT, MONITOR_WIDTH } from '../src/phantom/monitor';
import { phantomSuite } from '../src/phantom/suite';

const FPS = 60;

export interface MonitorRecording {
  readonly ffmpeg: string;
  readonly video: string;
  readonly seconds: number;
  readonly seed?: number;
}

/** Records the simulated suite's monitor as a modern suite sends it: 1920×1080 at 60 frames a second, H.264; the monitor's picture enlarged to full height. */
export async function recordMonitor({ ffmpeg, video, seconds, seed = 7 }: MonitorRecording): Promise<void> {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${MONITOR_WIDTH}x${MONITOR_HEIGHT}`, '-r', String(FPS), '-i', 'pipe:0'];
  const enlarged = ['-vf', 'scale=1728:1080,pad=1920:1080:(ow-iw)/2:0'];
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '17', '-g', String(2 * FPS), '-pix_fmt', 'yuv420p'];
  const encoder = spawn(ffmpeg, ['-v', 'error', '-y', ...input, ...enlarged, ...coding, video], { stdio: ['pipe', 'ignore', 'inherit'] });
  const closed = once(encoder, 'close') as Promise<[number]>;
  let [shown, due] = [0, 0];
  for (const picture of phantomSuite({ seed, idleSeconds: 1 })) {
    due += picture.seconds;
    for (; shown < Math.min(due, seconds) * FPS; shown += 1) {
      if (shown % FPS === 0) drawClock(picture.pixels, new Date((1000 * shown) / FPS).toISOString().slice(11, 19));
      await new Promise((written) => encoder.stdin.write(Buffer.from(picture.pixels), written));
    }
    if (due >= seconds) break;
  }
  encoder.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`ffmpeg could not encode the monitor: it ended with ${code}`);
}
