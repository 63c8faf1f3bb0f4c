import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Rect } from '../src/frame';
import { drawClock, MONITOR_HEIGHT, MONITOR_IMAGE_AREA, MONITOR_WIDTH } from '../src/phantom/feed/monitor';
import { phantomSuite } from '../src/phantom/feed/suite';

/**
 * How H.264 is coded: `veryfast` as suites do, High profile with CABAC and deblocking, without B-frames; `ultrafast` as
 * Constrained Baseline, with neither.
 */
export type Coding = 'ultrafast' | 'veryfast';

const CODINGS: Readonly<Record<Coding, readonly string[]>> = {
  ultrafast: ['-preset', 'ultrafast', '-crf', '17'],
  veryfast: ['-preset', 'veryfast', '-profile:v', 'high', '-bf', '0', '-sc_threshold', '0', '-crf', '20'],
};

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export interface MonitorRecording extends Partial<PictureSize> {
  readonly ffmpeg: string;
  readonly video: string;
  readonly seconds: number;
  readonly seed?: number;
  readonly fps?: number;
  readonly coding?: Coding;
  /** Goes on past `seconds` to the end of the patient, so that it can be shown over and over. */
  readonly wholePatients?: boolean;
}

/** What a recording truly shows, in its frames counted from 0. */
export interface RecordedMonitor {
  readonly fps: number;
  readonly frames: number;
  readonly runs: readonly { readonly acquisitions: readonly number[] }[];
}

/** The monitor's picture enlarged to full height, in the middle of a wider one. */
function enlarged({ width, height }: PictureSize): { readonly filter: string; readonly scale: number; readonly left: number } {
  const scale = height / MONITOR_HEIGHT;
  const inner = 2 * Math.round((MONITOR_WIDTH * scale) / 2);
  return { filter: `scale=${inner}:${height},pad=${width}:${height}:(ow-iw)/2:0`, scale, left: (width - inner) / 2 };
}

/** Where the X-ray image lies in a recording of that size. */
export function recordedImageArea(size: PictureSize): Rect {
  const { scale, left } = enlarged(size);
  const { x, y, width, height } = MONITOR_IMAGE_AREA;
  const far = (start: number, length: number): number => Math.floor((start + length) * scale);
  const at = { x: Math.ceil(x * scale), y: Math.ceil(y * scale) };
  return { x: left + at.x, y: at.y, width: far(x, width) - at.x, height: far(y, height) - at.y };
}

/**
 * Records the simulated suite's monitor as a modern suite sends it: by default 1920×1080 at 60 frames a second, H.264,
 * a key picture every two seconds.
 */
export async function recordMonitor(options: MonitorRecording): Promise<RecordedMonitor> {
  const { ffmpeg, video, seconds, seed = 7, fps = 60, width = 1920, height = 1080, coding = 'ultrafast', wholePatients = false } = options;
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${MONITOR_WIDTH}x${MONITOR_HEIGHT}`, '-r', String(fps), '-i', 'pipe:0'];
  const codec = ['-c:v', 'libx264', ...CODINGS[coding], '-g', String(2 * fps), '-pix_fmt', 'yuv420p'];
  const args = ['-v', 'error', '-y', ...input, '-vf', enlarged({ width, height }).filter, ...codec, video];
  const encoder = spawn(ffmpeg, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  const closed = once(encoder, 'close') as Promise<[number]>;
  const runs: { acquisitions: number[] }[] = [];
  let [shown, due] = [0, 0];
  for (const { kind, acquisition, pixels, seconds: lasts } of phantomSuite({ seed, idleSeconds: 1 })) {
    if (due >= seconds && (!wholePatients || kind === 'idle')) break;
    due += lasts;
    if (kind === 'acquisition' && acquisition === 0) runs.push({ acquisitions: [] });
    if (kind === 'acquisition') runs.at(-1)?.acquisitions.push(shown);
    const until = (wholePatients ? due : Math.min(due, seconds)) * fps;
    for (let isFirst = true; shown < until; shown += 1, isFirst = false) {
      if (shown % fps === 0 || isFirst) drawClock(pixels, new Date((1000 * shown) / fps).toISOString().slice(11, 19));
      await new Promise((written) => encoder.stdin.write(Buffer.from(pixels), written));
    }
  }
  encoder.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`ffmpeg could not encode the monitor: it ended with ${code}`);
  return { fps, frames: shown, runs };
}
