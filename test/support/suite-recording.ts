import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { areaAverage, toAnalysisImage } from '../../src/acquire/pixels/area-average';
import type { AnalysisImage } from '../../src/frame';
import { drawClock, MONITOR_HEIGHT, MONITOR_IMAGE_AREA, MONITOR_WIDTH } from '../../src/phantom/feed/monitor';
import { phantomSuite, SUITE_SEEDS, type ShownPicture } from '../../src/phantom/feed/suite';

/** A recording of the simulated suite's monitor, and what it truly shows. */
export interface SuiteRecording {
  readonly patients: readonly RecordedPatient[];
  /** Which patient and acquisition each video frame shows; null between runs. */
  readonly frames: readonly ({ readonly patient: number; readonly acquisition: number } | null)[];
}
export interface RecordedPatient {
  /** That of the simulated patient (`phantomRun`). */
  readonly seed: number;
  /** The acquisitions before any encoder touched them. */
  readonly images: readonly AnalysisImage[];
}

const FPS = 30;

/** Records the first patients as a capture box would: the whole monitor, clock, panel and holds, in H.264 at 30 fps. */
export async function recordSuite(
  video: string,
  { seed, patients, crf, ffmpeg }: { seed: number; patients: number; crf: number; ffmpeg: string },
): Promise<SuiteRecording> {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${MONITOR_WIDTH}x${MONITOR_HEIGHT}`, '-r', String(FPS), '-i', 'pipe:0'];
  const coding = [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-tune',
    'zerolatency',
    '-crf',
    String(crf),
    '-g',
    String(2 * FPS),
    '-pix_fmt',
    'yuv420p',
  ];
  const encoder = spawn(ffmpeg, ['-v', 'error', '-y', ...input, ...coding, video], { stdio: ['pipe', 'ignore', 'inherit'] });
  const closed = once(encoder, 'close') as Promise<[number]>;
  const images: AnalysisImage[][] = Array.from({ length: patients }, () => []);
  const frames: SuiteRecording['frames'][number][] = [];
  let seconds = 0;
  for (const { kind, patient, acquisition, pixels, seconds: shown } of firstPatients(seed, patients)) {
    if (kind === 'acquisition') images[patient]!.push(toAnalysisImage(areaAverage({ pixels, width: MONITOR_WIDTH }, MONITOR_IMAGE_AREA)));
    seconds += shown;
    while (frames.length < Math.round(seconds * FPS)) {
      drawClock(pixels, new Date(Date.UTC(2024, 0, 1, 9) + (1000 * frames.length) / FPS).toISOString().slice(11, 19));
      await new Promise((written) => encoder.stdin.write(pixels, written));
      frames.push(acquisition === null ? null : { patient, acquisition });
    }
  }
  encoder.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`ffmpeg could not encode the suite: it ended with ${code}`);
  return { patients: images.map((all, n) => ({ seed: SUITE_SEEDS + 1000 * seed + n, images: all })), frames };
}

/** Up to the dark monitor after the last of them. */
function* firstPatients(seed: number, patients: number): Generator<ShownPicture> {
  for (const showing of phantomSuite({ seed })) {
    if (showing.patient < patients) yield showing;
    else return yield { ...showing, patient: patients - 1 };
  }
}
