import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { areaAverage, toAnalysisImage } from '../../acquire/pixels/area-average';
import { selectKeyFrame } from '../../detect/select-key-frame';
import { FIELD_HEIGHT, FIELD_WIDTH } from '../anatomy/field';
import { phantomRun, type PhantomRun } from '../feed/phantom-run';
import { toLabelme } from './labelme';

export interface PatientsToWrite {
  readonly out: string;
  readonly cases: number;
  /** The first patient's seed; the others follow it. */
  readonly seed: number;
  /** The ffmpeg binary that writes the videos. */
  readonly ffmpeg: string;
  /** Called after each patient. */
  readonly onWritten?: (written: number, cases: number) => void;
}

/**
 * Writes simulated patients in the form of the paper's data set: per patient a folder with `run.mkv` (FFV1, grey,
 * lossless, one video frame per acquisition), the key frame and its two successors as PNG with Labelme annotations,
 * and `truth.json`. A folder appears only when it is complete.
 */
export async function writePatients({ out, cases, seed, ffmpeg, onWritten }: PatientsToWrite): Promise<void> {
  await mkdir(out, { recursive: true });
  for (let n = 0; n < cases; n++) {
    const folder = join(out, `phantom-${String(seed + n).padStart(6, '0')}`);
    const part = `${folder}.part`;
    await rm(part, { recursive: true, force: true });
    await mkdir(part);
    await writePatient(part, phantomRun(seed + n), ffmpeg);
    await rm(folder, { recursive: true, force: true });
    await rename(part, folder);
    onWritten?.(n + 1, cases);
  }
}

async function writePatient(folder: string, run: PhantomRun, ffmpeg: string): Promise<void> {
  const images = Array.from({ length: run.acquisitions }, (_, k) => run.imageAt(k));
  await writeVideo(join(folder, 'run.mkv'), images, run.acquisitionRateHz, ffmpeg);
  const whole = { x: 0, y: 0, width: FIELD_WIDTH, height: FIELD_HEIGHT };
  const key = selectKeyFrame(images.map((pixels) => toAnalysisImage(areaAverage({ pixels, width: FIELD_WIDTH }, whole))))?.index ?? 0;
  for (let k = key; k < Math.min(key + 3, run.acquisitions); k++) {
    const name = `acquisition-${String(k).padStart(2, '0')}`;
    await sharp(images[k] as Uint8Array, { raw: { width: FIELD_WIDTH, height: FIELD_HEIGHT, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toFile(join(folder, `${name}.png`));
    const shown = run.tumoursAt(k).map((outline, n) => ({ outline, poor: run.tumours[n]?.poor ?? false }));
    await writeFile(join(folder, `${name}.json`), JSON.stringify(toLabelme(`${name}.png`, run.liverAt(k), shown)));
  }
  const { seed, acquisitions, acquisitionRateHz, preContrast, stableFrom } = run;
  const tumours = run.tumours.map(({ centre, diameter, poor }) => ({ centre, diameter, poor }));
  const truth = { simulated: true, seed, acquisitions, acquisitionRateHz, preContrast, stableFrom, keyFrame: key, tumours };
  await writeFile(join(folder, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
}

async function writeVideo(path: string, images: readonly Uint8Array[], rateHz: number, ffmpeg: string): Promise<void> {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${FIELD_WIDTH}x${FIELD_HEIGHT}`, '-r', String(rateHz), '-i', 'pipe:0'];
  const args = ['-hide_banner', '-loglevel', 'error', '-y', ...input, '-c:v', 'ffv1', '-level', '3', '-pix_fmt', 'gray', path];
  const encoder = spawn(ffmpeg, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let stderr = '';
  encoder.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  encoder.stdin.on('error', () => undefined);
  const closed = once(encoder, 'close') as Promise<[number]>;
  for (const image of images) if (!encoder.stdin.write(image)) await Promise.race([once(encoder.stdin, 'drain'), closed]);
  encoder.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`${path}: ffmpeg could not write the video: ${stderr.trim().split('\n')[0] ?? ''}`);
}
