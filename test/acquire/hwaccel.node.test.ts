import { lastValueFrom, takeWhile, toArray } from 'rxjs';
import type { Ffmpeg } from '../../src/acquire/ffmpeg/binary.node';
import type { HardwareRefusal } from '../../src/acquire/ffmpeg/hardware-decoding';
import { frameSource } from '../../src/acquire/frame-source.node';
import { SourceError, type SourceEvent } from '../../src/acquire/source';
import { parseSource } from '../../src/acquire/source-uri';
import { clock, digest, end, everyFfmpeg, freePort, push, run, scratch, sleep } from './ffmpegs';

jest.setTimeout(60_000);

/** Hardware that no such system has. */
const missing = process.platform === 'darwin' ? 'd3d11va' : 'videotoolbox';
const folder = scratch();
let ffmpegs: readonly Ffmpeg[];
beforeAll(async () => {
  ffmpegs = await everyFfmpeg();
  const encoded = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-g', '10', '-bf', '0'];
  await run(ffmpegs[0]?.path ?? '', '-f', 'lavfi', '-i', 'testsrc=s=320x240:r=10', '-t', '3', ...encoded, folder.path('a.mp4'));
});
afterAll(() => folder.remove());

async function told(uri: string, ffmpeg: Ffmpeg): Promise<{ events: readonly SourceEvent[]; refusals: readonly HardwareRefusal[] }> {
  const refusals: HardwareRefusal[] = [];
  const onHardwareRefusal = (refusal: HardwareRefusal) => refusals.push(refusal);
  const source = frameSource(parseSource(uri), { ffmpeg, clock, streamId: 'test', onHardwareRefusal });
  const enough = takeWhile<SourceEvent>((event) => event.kind !== 'lost' && !(event.kind === 'frame' && event.frame.index === 29), true);
  return { events: await lastValueFrom(source.pipe(enough, toArray())), refusals };
}

const digests = (events: readonly SourceEvent[]) => events.flatMap((event) => (event.kind === 'frame' ? [digest(event.frame.pixels)] : []));

it('decodes a recording without the hardware that is not there: every picture, once, and no loss', async () => {
  for (const ffmpeg of ffmpegs) {
    const plain = await told(`${folder.path('a.mp4')}#rate=max`, ffmpeg);
    const { events, refusals } = await told(`${folder.path('a.mp4')}#rate=max&hwaccel=${missing}`, ffmpeg);
    expect(events.map(({ kind }) => kind)).toEqual(plain.events.map(({ kind }) => kind));
    expect(digests(events)).toEqual(digests(plain.events));
    expect([digests(events).length, plain.refusals]).toEqual([30, []]);
    expect(refusals).toEqual([{ hwaccel: missing, reason: expect.stringMatching(/^(No device|Unrecognized)[^\n]{10,240}$/) as string }]);
  }
});

it.each(['auto', 'cuda', 'vaapi', 'qsv', 'videotoolbox', 'd3d11va'])(
  'shows a recording whatever becomes of hwaccel=%s',
  async (hwaccel) => {
    for (const ffmpeg of ffmpegs) {
      const { events, refusals } = await told(`${folder.path('a.mp4')}#rate=max&hwaccel=${hwaccel}`, ffmpeg);
      expect(digests(events)).toHaveLength(30);
      expect(refusals.length).toBeLessThanOrEqual(1);
    }
  },
);

it('gives the reason for a missing picture as if no hardware had been requested', async () => {
  for (const ffmpeg of ffmpegs) {
    for (const [uri, message] of [
      [folder.path('none.mp4'), 'no such file or device'],
      [`rtsp://127.0.0.1:${await freePort()}/x`, 'connection refused'],
    ] as const) {
      const seen = await told(`${uri}#hwaccel=${missing}`, ffmpeg).catch((error: unknown) => error);
      const words = seen instanceof SourceError ? seen.message : JSON.stringify(seen);
      expect(words).toContain(`${uri}: ${message}`);
      expect(words).not.toContain('"reason":"No device');
    }
  }
});

it('listens again at once, without hardware, for an encoder that pushes', async () => {
  for (const ffmpeg of ffmpegs) {
    const url = `127.0.0.1:${await freePort()}/live`;
    let over = false;
    const listening = told(`rtsp-listen://${url}#hwaccel=${missing}`, ffmpeg).finally(() => (over = true));
    let encoder = push(ffmpeg.path, folder.path('a.mp4'), `rtsp://${url}`);
    for (let i = 0; i < 300 && !over; i += 1) {
      if (encoder.exitCode !== null) encoder = push(ffmpeg.path, folder.path('a.mp4'), `rtsp://${url}`);
      await sleep(50);
    }
    const { events, refusals } = await listening;
    await end(encoder);
    expect([refusals.length, digests(events).length > 0]).toEqual([1, true]);
    const kinds = events.map(({ kind }) => kind).filter((kind) => kind !== 'area');
    expect(kinds.slice(0, 3)).toEqual(['connecting', 'connected', 'frame']);
  }
});
