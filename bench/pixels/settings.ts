import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../test/e2e/serve';
import { type Coding, type PictureSize, recordedImageArea, type RecordedMonitor, recordMonitor } from '../monitor-recording';

/** A feed as suites send it. */
export interface Setting extends PictureSize {
  readonly name: string;
  readonly fps: number;
}

export const SETTINGS: readonly Setting[] = [
  { name: '720p30', width: 1280, height: 720, fps: 30 },
  { name: '1080p60', width: 1920, height: 1080, fps: 60 },
  { name: '2160p60', width: 3840, height: 2160, fps: 60 },
];

/** The setting whose streams are multiplied, and starved. */
export const USUAL = '1080p60';

export const areaOf = (setting: Setting): string => {
  const { x, y, width, height } = recordedImageArea(setting);
  return [x, y, width, height].join(',');
};

/** Records a setting, unless that was done before: encoding takes longer than measuring. */
export async function recordingOf(
  { name, ...size }: Setting,
  { ffmpeg, seconds, coding }: { readonly ffmpeg: string; readonly seconds: number; readonly coding: Coding },
): Promise<{ readonly video: string; readonly recorded: RecordedMonitor }> {
  const folder = path.join(root, 'out/pixels');
  mkdirSync(folder, { recursive: true });
  const video = path.join(folder, `${name}-${coding}-${seconds}s.mp4`);
  const truth = video.replace(/mp4$/, 'json');
  if (!existsSync(truth)) {
    process.stderr.write(`recording ${name}, ${coding}\n`);
    const part = video.replace(/mp4$/, 'part.mp4');
    const recorded = await recordMonitor({ ffmpeg, video: part, seconds, coding, wholePatients: true, ...size });
    renameSync(part, video);
    writeFileSync(truth, JSON.stringify(recorded));
  }
  return { video, recorded: JSON.parse(readFileSync(truth, 'utf8')) as RecordedMonitor };
}
