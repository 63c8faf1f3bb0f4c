import { defer, lastValueFrom, type Observable, toArray } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { chooseTrack } from '../../src/acquire/ffmpeg/choose-track';
import { readLogLine } from '../../src/acquire/ffmpeg/log-line';
import { largestTrack, type Track, tracksText } from '../../src/acquire/ffmpeg/tracks';
import type { SourceEvent } from '../../src/acquire/source';
import { marbles } from '../support/marbles';
import { everyFfmpeg, run, scratch, source } from './ffmpegs';

jest.setTimeout(60_000);

const folder = scratch();
afterAll(() => folder.remove());

const track = (width: number, height: number, still = false): Track => ({ codec: 'h264', width, height, still });

it('takes the largest, the first of several, never a cover, and one of unknown size only where there is no other', () => {
  expect(largestTrack([track(160, 120), track(512, 512), track(512, 512)])).toBe(2);
  expect(largestTrack([track(3000, 3000, true), track(160, 120)])).toBe(2);
  expect(largestTrack([track(0, 0), track(160, 120)])).toBe(2);
  expect(largestTrack([track(0, 0), track(0, 0)])).toBe(1);
  expect(tracksText({ all: [track(160, 120), track(0, 0), track(9, 9, true)], taken: 1 })).toBe(
    '1 of 3 (1: h264, 160 × 120; 2: h264, of unknown size; 3: h264, a cover)',
  );
});

it.each([
  ['[info]   Stream #0:1(und): Video: h264 (High) (avc1 / 0x31637661), yuv420p, 512x512 [SAR 1:1], 7 kb/s, 7.50 fps', 1, track(512, 512)],
  ['[info]   Stream #0:0[0x100]: Video: h264, none, 90k tbr', 0, track(0, 0)],
  [
    '[info]     Stream #0:2: Video: mjpeg (Baseline), yuvj444p(pc), 600x600, 90k tbr, 90k tbn (attached pic)',
    2,
    { ...track(600, 600, true), codec: 'mjpeg' },
  ],
])('understands: %s', (line, stream, expected) => {
  expect(readLogLine(line)).toMatchObject({ kind: 'video', stream, track: expected });
});

it('opens the largest at once instead of the first, first from then on, and another only on request', () => {
  const all = [track(160, 120), track(512, 512)];
  const events = { t: { kind: 'tracks', all, taken: 1 }, i: { kind: 'image' } } as const;
  const drawn = (asked: number | null, test: (connect: () => Observable<unknown>, helpers: RunHelpers) => void): number[] => {
    const opened: number[] = [];
    marbles((helpers) => {
      const open = (number: number) => defer(() => (opened.push(number), helpers.cold('-ti|', events)));
      test(chooseTrack(open, asked), helpers);
    })();
    return opened;
  };
  const twice = drawn(null, (connect, { expectObservable }) => {
    const largest = connect();
    expectObservable(largest).toBe('--ti|', events);
    expectObservable(largest, '----------^').toBe('-----------ti|', events);
  });
  expect(twice).toEqual([1, 2, 2]);
  const small = drawn(1, (connect, { expectObservable }) => expectObservable(connect()).toBe('-ti|', events));
  expect(small).toEqual([1]);
});

const sizes = 'testsrc=s=96x64:r=10:d=1[a];testsrc=s=320x240:r=10:d=1[b];testsrc=s=128x96:r=10:d=1[c]';

it.each([
  ['videos', 'three.mkv'],
  ['programs', 'three.ts', '-program', 'st=0', '-program', 'st=1', '-program', 'st=2'],
])('reads and reports the largest of three %s, or the selected one', async (_, file, ...programs) => {
  for (const ffmpeg of await everyFfmpeg()) {
    const path = folder.path(file);
    const coding = ['-c:v', 'mpeg2video', '-disposition:v:0', 'default'];
    await run(ffmpeg.path, '-filter_complex', sizes, '-map', '[a]', '-map', '[b]', '-map', '[c]', ...coding, ...programs, path);
    const eventsOf = (options: string): Promise<SourceEvent[]> =>
      lastValueFrom(source(`${path}#rate=max${options}`, ffmpeg).pipe(toArray()));
    const taken = { taken: 2, all: [{ width: 96 }, { width: 320 }, { width: 128 }] };
    const events = await eventsOf('');
    expect(events.filter(({ kind }) => kind === 'connected')).toMatchObject([{ width: 320, tracks: taken }]);
    expect(events.filter(({ kind }) => kind === 'frame')).toHaveLength(10);
    expect(await eventsOf('&track=3')).toContainEqual(expect.objectContaining({ kind: 'connected', width: 128 }));
    await expect(eventsOf('&track=4')).rejects.toThrow('there is no such track: it has 3 videos');
  }
});
