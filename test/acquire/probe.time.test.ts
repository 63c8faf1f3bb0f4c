import { spawn } from 'node:child_process';
import { from, lastValueFrom } from 'rxjs';
import type { Ffmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { probeReport } from '../../src/acquire/probe-report';
import { probe, type ProbeTimes } from '../../src/acquire/probe.node';
import type { SourceEvent } from '../../src/acquire/source';
import { parseSource } from '../../src/acquire/source-uri';
import { frameAt } from '../support/frames';
import { clock, end, everyFfmpeg, freePort, run, scratch, sleep } from './ffmpegs';

jest.setTimeout(60_000);

const folder = scratch();
let ffmpegs: readonly Ffmpeg[];
beforeAll(async () => {
  ffmpegs = await everyFfmpeg();
});
afterAll(() => folder.remove());

const look = (uri: string, ffmpeg: Ffmpeg, times?: ProbeTimes) =>
  lastValueFrom(probe(parseSource(uri), { ffmpeg, clock, streamId: 'probe' }, times).pipe(probeReport()));

it('reports codec, size, rate and image area after a moment', async () => {
  for (const ffmpeg of ffmpegs) {
    const path = folder.path(`${ffmpeg.origin}.mp4`);
    await run(ffmpeg.path, '-f', 'lavfi', '-i', 'testsrc=s=320x240:r=12.5', '-t', '30', '-c:v', 'libx264', '-preset', 'ultrafast', path);
    const startedAt = performance.now();
    const { picture, problem } = await look(path, ffmpeg, { waitMs: 5000, lookMs: 2000 });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(problem).toBeNull();
    expect(picture).toMatchObject({ codec: 'h264', width: 320, height: 240 });
    expect(picture?.captureRateHz).toBeGreaterThan(11);
    expect(picture?.captureRateHz).toBeLessThan(14);
  }
}, 30_000);

it('reports why there is no picture, at once where the reason is certain', async () => {
  const [ffmpeg] = ffmpegs;
  if (!ffmpeg) throw new Error('no ffmpeg');
  expect(await look(folder.path('none.mp4'), ffmpeg)).toMatchObject({ picture: null, problem: { reason: 'not-found' } });
  expect(await look(`rtsp://127.0.0.1:${await freePort()}/x`, ffmpeg)).toMatchObject({ picture: null, problem: { reason: 'refused' } });
  const nobody = look(`rtsp-listen://127.0.0.1:${await freePort()}/x`, ffmpeg, { waitMs: 500, lookMs: 500 });
  expect(await nobody).toEqual({ picture: null, problem: null });
});

it('waits longer for a key picture while packets arrive, and reports what is missing', async () => {
  const told = (...events: SourceEvent[]) => lastValueFrom(from(events).pipe(probeReport()));
  const packets = { kind: 'stalled', at: 5000, packets: true } as const;
  expect(await told(packets)).toMatchObject({ picture: null, problem: { message: expect.stringMatching(/no key picture/) as string } });
  expect(await told(packets, { kind: 'frame', frame: frameAt(20_000) })).toMatchObject({ picture: { frames: 1 }, problem: null });

  const [ffmpeg] = ffmpegs.slice(-1);
  if (!ffmpeg) throw new Error('no ffmpeg');
  const path = folder.path('late-key.mp4');
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '1000', '-force_key_frames', '8'];
  await run(ffmpeg.path, '-f', 'lavfi', '-i', 'testsrc=s=320x240:r=10:d=20', '-pix_fmt', 'yuv420p', ...coding, path);
  const url = `rtsp://127.0.0.1:${await freePort()}/x`;
  const looked = look(url.replace('rtsp:', 'rtsp-listen:'), ffmpeg, { waitMs: 6500, lookMs: 1000, keyPictureMs: 15_000 });
  await sleep(300);
  const later = ['-c', 'copy', '-bsf:v', 'noise=drop=not(n)', '-f', 'rtsp', '-rtsp_transport', 'tcp', url];
  const pusher = spawn(ffmpeg.path, ['-v', 'error', '-nostdin', '-re', '-i', path, ...later], { stdio: 'ignore' });
  const { picture, problem } = await looked;
  expect(picture?.firstPictureMs).toBeGreaterThan(7000);
  expect(problem).toBeNull();
  await end(pusher);
});
