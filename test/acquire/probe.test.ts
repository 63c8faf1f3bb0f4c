import { lastValueFrom } from 'rxjs';
import type { Ffmpeg } from '../../src/acquire/ffmpeg-binary.node';
import { probe } from '../../src/acquire/probe.node';
import { probeReport } from '../../src/acquire/probe-report';
import { parseSource } from '../../src/acquire/source-uri';
import { clock, everyFfmpeg, freePort, run, scratch } from './ffmpegs';

jest.setTimeout(60_000);

const folder = scratch();
let ffmpegs: readonly Ffmpeg[];
beforeAll(async () => {
  ffmpegs = await everyFfmpeg();
});
afterAll(() => folder.remove());

const look = (uri: string, ffmpeg: Ffmpeg, times?: { waitMs: number; lookMs: number }) =>
  lastValueFrom(probe(parseSource(uri), { ffmpeg, clock, streamId: 'probe' }, times).pipe(probeReport()));

it('tells codec, size, rate and image area of what it sees for a moment', async () => {
  for (const ffmpeg of ffmpegs) {
    const path = folder.path(`${ffmpeg.origin}.mp4`);
    await run(ffmpeg.path, '-f', 'lavfi', '-i', 'testsrc=s=320x240:r=12.5', '-t', '30', '-c:v', 'libx264', '-preset', 'ultrafast', path);
    const startedAt = performance.now();
    const { picture, trouble } = await look(path, ffmpeg, { waitMs: 5000, lookMs: 2000 });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(trouble).toBeNull();
    expect(picture).toMatchObject({ codec: 'h264', width: 320, height: 240 });
    expect(picture?.captureRateHz).toBeGreaterThan(11);
    expect(picture?.captureRateHz).toBeLessThan(14);
  }
}, 30_000);

it('tells why there is nothing, at once where that is known', async () => {
  const [ffmpeg] = ffmpegs;
  if (!ffmpeg) throw new Error('no ffmpeg');
  expect(await look(folder.path('none.mp4'), ffmpeg)).toMatchObject({ picture: null, trouble: { reason: 'not-found' } });
  expect(await look(`rtsp://127.0.0.1:${await freePort()}/x`, ffmpeg)).toMatchObject({ picture: null, trouble: { reason: 'refused' } });
  const nobody = look(`rtsp-listen://127.0.0.1:${await freePort()}/x`, ffmpeg, { waitMs: 500, lookMs: 500 });
  expect(await nobody).toEqual({ picture: null, trouble: null });
});
