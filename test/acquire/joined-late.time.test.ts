import { spawn } from 'node:child_process';
import { firstValueFrom, takeWhile, toArray } from 'rxjs';
import { findFfmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { end, freePort, run, scratch, sleep, source } from './ffmpegs';

const folder = scratch();
afterAll(() => folder.remove());

it.each([
  ['HEVC', 'hevc.mp4', '-c:v', 'libx265', '-x265-params', 'keyint=20:min-keyint=20:bframes=0:scenecut=0:log-level=none'],
  ['MPEG-4', 'mpeg4.mp4', '-c:v', 'mpeg4', '-g', '20', '-bf', '0'],
])(
  'shows nothing of %s that is joined before its key picture, and counts it as damaged',
  async (_, file, ...coding) => {
    const ffmpeg = await findFfmpeg();
    const moving = 'testsrc2=s=320x240:r=10:d=5';
    await run(ffmpeg.path, '-f', 'lavfi', '-i', moving, '-pix_fmt', 'yuv420p', ...coding, folder.path(file));
    const url = `rtsp://127.0.0.1:${await freePort()}/live`;
    const told = firstValueFrom(
      source(url.replace('rtsp:', 'rtsp-listen:'), ffmpeg).pipe(
        takeWhile(({ kind }) => kind !== 'frame' && kind !== 'lost', true),
        toArray(),
      ),
    );
    await sleep(1000);
    // All but the first picture, the key picture of the others.
    const later = ['-c', 'copy', '-bsf:v', 'noise=drop=not(n)', '-f', 'rtsp', '-rtsp_transport', 'tcp', url];
    const pusher = spawn(ffmpeg.path, ['-v', 'error', '-nostdin', '-re', '-i', folder.path(file), ...later], { stdio: 'ignore' });
    const events = await told;
    const damaged = events.flatMap((event) => (event.kind === 'dropped' && event.reason === 'damaged' ? [event.count] : []));
    expect(events.at(-1)?.kind).toBe('frame');
    // Nineteen until the next key picture; the decoder may give the first one twice.
    expect(damaged.length).toBeGreaterThanOrEqual(19);
    expect(damaged.length).toBeLessThanOrEqual(21);
    await end(pusher);
  },
  30_000,
);
