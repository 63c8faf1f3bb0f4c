import { chmodSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { path as bundled } from '@ffmpeg-installer/ffmpeg';

/** The ffmpeg that tests publish and decode with: FFMPEG_PATH, else the system's, else the bundled one. */
export const ffmpegPath = process.env.FFMPEG_PATH ?? (spawnSync('ffmpeg', ['-version']).status === 0 ? 'ffmpeg' : executable(bundled));

/** Where install scripts do not run, npm leaves the binary without its executable bit. */
function executable(file: string): string {
  chmodSync(file, 0o755);
  return file;
}
