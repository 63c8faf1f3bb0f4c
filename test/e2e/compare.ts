import { spawn } from 'node:child_process';
import sharp from 'sharp';
import type { Rect } from '../../src/frame';
import type { Feed, TrueRun } from '../support/sample-data';
import type { Message } from './client';
import { ffmpegPath } from './ffmpeg';

const SIZE = 32;

/** What became of a feed's true acquisitions. */
export interface Recovered {
  readonly runs: readonly RecoveredRun[];
  /** True acquisitions that were sent, of all true acquisitions. */
  readonly recall: number;
  /** Frame messages of runs that show a true acquisition for the first time, of all frame messages of runs. */
  readonly precision: number;
}
export interface RecoveredRun {
  readonly run: string;
  readonly truth: TrueRun | undefined;
  /** By the run's own count of acquisitions: the true acquisition that is shown, -1 for none. */
  readonly shown: ReadonlyMap<number, number>;
}

/**
 * Recognises the pictures of `frame` messages by their content, whatever the transport did to their times: each is
 * compared, at 32×32 inside the image area, with every frame of the video; the nearest gives its acquisition.
 */
export async function recovered(feed: Feed, frames: readonly Message[]): Promise<Recovered> {
  const video = await thumbnails(feed);
  const runs = new Map<string, Map<number, number>>();
  for (const message of frames) {
    if (typeof message.run !== 'string' || typeof message.frame !== 'number') continue;
    const nearest = nearestFrame(video, await thumbnail(message, feed));
    const shown = runs.get(message.run) ?? new Map<number, number>();
    runs.set(message.run, shown.set(message.frame, nearest));
  }
  const found: RecoveredRun[] = [...runs].map(([run, nearest]) => {
    const middle = [...nearest.values()].sort((a, b) => a - b)[Math.floor(nearest.size / 2)] ?? -1;
    const truth = feed.truth.runs.find(({ startFrame, endFrame }) => middle >= startFrame && middle <= endFrame);
    return { run, truth, shown: new Map([...nearest].map(([number, frame]) => [number, truth ? acquisitionAt(truth, frame) : -1])) };
  });
  const sent = found.reduce((sum, { shown }) => sum + shown.size, 0);
  const right = new Set(found.flatMap(({ truth, shown }) => [...shown.values()].filter((n) => n >= 0).map((n) => `${truth?.name} ${n}`)));
  const all = feed.truth.runs.reduce((sum, run) => sum + run.acquisitions.length, 0);
  return { runs: found, recall: right.size / all, precision: sent === 0 ? 0 : right.size / sent };
}

/** The acquisition that a video frame shows, -1 before the run. The image held after it still shows the last. */
function acquisitionAt(run: TrueRun, frame: number): number {
  return run.acquisitions.findLastIndex((first) => first <= frame);
}

/** How much worse a run's acquisition scores than the best, as a share; infinite unless among the last 15. */
export function scoreMargin(run: TrueRun, acquisition: number): number {
  const score = run.scores[run.scoredAcquisitions.indexOf(acquisition)];
  return score === undefined ? Infinity : score / Math.min(...run.scores) - 1;
}

async function thumbnail(message: Message, { truth }: Feed): Promise<Uint8Array> {
  const [scaleX, scaleY] = [Number(message.width) / truth.width, Number(message.height) / truth.height];
  const area: Rect = truth.imageArea;
  return sharp(message.payload)
    .extract({
      left: Math.round(area.x * scaleX),
      top: Math.round(area.y * scaleY),
      width: Math.round(area.width * scaleX),
      height: Math.round(area.height * scaleY),
    })
    .greyscale()
    .resize(SIZE, SIZE, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
}

/** Every frame of the video, decoded once. */
async function thumbnails({ video, truth }: Feed): Promise<readonly Uint8Array[]> {
  const { x, y, width, height } = truth.imageArea;
  const filter = `crop=${width}:${height}:${x}:${y},scale=${SIZE}:${SIZE}:flags=area,format=gray`;
  const args = ['-v', 'error', '-i', video, '-vf', filter, '-vsync', '0', '-f', 'rawvideo', '-'];
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const ffmpeg = spawn(ffmpegPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    ffmpeg.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    ffmpeg.once('error', reject);
    ffmpeg.once('close', (code) => (code === 0 ? resolve(Buffer.concat(chunks)) : reject(new Error(`ffmpeg ended with ${code}`))));
  });
  const count = Math.floor(bytes.length / SIZE ** 2);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * SIZE ** 2, (i + 1) * SIZE ** 2));
}

function nearestFrame(video: readonly Uint8Array[], picture: Uint8Array): number {
  let nearest = -1;
  let least = Infinity;
  for (const [index, frame] of video.entries()) {
    let sum = 0;
    for (let i = 0; i < frame.length; i++) {
      const difference = frame[i]! - picture[i]!;
      sum += difference < 0 ? -difference : difference; // jest looks globals such as Math up slowly
    }
    if (sum < least) {
      nearest = index;
      least = sum;
    }
  }
  return nearest;
}
