import { spawn } from 'node:child_process';
import { filter, firstValueFrom, map, takeWhile, toArray } from 'rxjs';
import { findFfmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { end, freePort, run, scratch, sleep, source } from './ffmpegs';

const folder = scratch();
afterAll(() => folder.remove());

it.each([
  ['one that comes after thirteen seconds', '-g', '1000', '-force_key_frames', '13'],
  ['one that comes part by part', '-x264-params', 'intra-refresh=1:keyint=130:scenecut=0'],
])(
  'waits for the key picture of a stream that is joined before it: %s',
  async (name, ...args) => {
    const ffmpeg = await findFfmpeg();
    const whole = folder.path(`${name}.mp4`);
    await run(
      ffmpeg.path,
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=320x240:r=10:d=16',
      '-pix_fmt',
      'yuv420p',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-bf',
      '0',
      ...args,
      whole,
    );
    const url = `rtsp://127.0.0.1:${await freePort()}/live`;
    const told = firstValueFrom(
      source(url.replace('rtsp:', 'rtsp-listen:'), ffmpeg).pipe(
        filter(({ kind }) => kind !== 'silent' && kind !== 'dropped' && kind !== 'area'),
        takeWhile(({ kind }) => kind !== 'frame' && kind !== 'lost', true),
        map((event) => (event.kind === 'stalled' ? `stalled ${event.packets ?? false}` : event.kind)),
        toArray(),
      ),
    );
    await sleep(1000);
    // All but the first picture, the key picture of the others.
    const later = ['-c', 'copy', '-bsf:v', 'noise=drop=not(n)', '-f', 'rtsp', '-rtsp_transport', 'tcp', url];
    const pusher = spawn(ffmpeg.path, ['-v', 'error', '-nostdin', '-re', '-i', whole, ...later], { stdio: 'ignore' });
    expect(await told).toEqual(['connecting', 'stalled true', 'connected', 'frame']);
    await end(pusher);
  },
  60_000,
);
