import { type ChildProcess, spawn } from 'node:child_process';
import { lastValueFrom, mergeMap, of, take, toArray } from 'rxjs';
import { findFfmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { end, freePort, run, scratch, source } from './ffmpegs';

const folder = scratch();
afterAll(() => folder.remove());

/** Each picture is two grey levels brighter than the one before. */
const rising = "color=black:s=64x64:r=20:d=5,format=yuv420p,geq=lum='20+2*N':cb=128:cr=128";

it.each([
  ['MPEG-2', 'mpeg2.ts', '-c:v', 'mpeg2video', '-q:v', '2', '-bf', '2', '-g', '12'],
  ['MPEG-4', 'mpeg4.mp4', '-c:v', 'mpeg4', '-q:v', '2', '-bf', '2', '-g', '12'],
  ['H.264', 'h264.mp4', '-c:v', 'libx264', '-qp', '4', '-bf', '3', '-g', '12'],
])(
  'shows B-frames of %s in their place',
  async (_, file, ...coding) => {
    const ffmpeg = await findFfmpeg();
    await run(ffmpeg.path, '-f', 'lavfi', '-i', rising, ...coding, folder.path(file));
    const url = `rtsp://127.0.0.1:${await freePort()}/live`;
    let pusher: ChildProcess | null = null;
    // The encoder is cut off when the source is reopened, and comes again.
    const again = setInterval(() => {
      if (pusher && pusher.exitCode === null) return;
      const args = ['-re', '-i', folder.path(file), '-c', 'copy', '-f', 'rtsp', '-rtsp_transport', 'tcp', url];
      pusher = spawn(ffmpeg.path, ['-v', 'quiet', '-nostdin', ...args], { stdio: 'ignore' });
    }, 100);
    try {
      const shown = await lastValueFrom(
        source(url.replace('rtsp:', 'rtsp-listen:'), ffmpeg).pipe(
          mergeMap((event) => (event.kind === 'frame' ? of(event.frame.pixels[32 * 64 + 32] ?? 0) : of())),
          take(40),
          toArray(),
        ),
      );
      // A recording that starts over starts with the darkest.
      const begun = shown.lastIndexOf(Math.min(...shown));
      const steps = shown.slice(begun + 1).map((grey, i) => grey - (shown[begun + i] ?? 0));
      expect(steps.length).toBeGreaterThan(30);
      expect(Math.min(...steps)).toBeGreaterThan(0);
    } finally {
      clearInterval(again);
      if (pusher) await end(pusher);
    }
  },
  30_000,
);
