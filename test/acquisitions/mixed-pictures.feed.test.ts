import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { path as bundledFfmpeg } from '@ffmpeg-installer/ffmpeg';
import type { Observable } from 'rxjs';
import { withImageArea } from '../../src/acquire/image-area/image-area';
import { PictureRing } from '../../src/acquire/pixels/picture-ring.node';
import { SlotHolders } from '../../src/acquire/pixels/slot-holders';
import type { SourceEvent } from '../../src/acquire/source';
import { foundAcquisitions } from '../support/found-acquisitions';
import { inRing } from '../support/in-ring';
import { recording } from '../support/recording';
import { type Truth, withSampleFeed } from '../support/sample-data';

jest.setTimeout(600_000);

/** Frames to read: the first 30 acquisitions. */
const FRAMES = 178;

/** The frames that stand for the acquisitions, of all runs. */
const found = async (source: Observable<SourceEvent>): Promise<number[]> => {
  const ring = new PictureRing(new SlotHolders(8), false);
  return (await foundAcquisitions(source.pipe(inRing(ring)), () => ring.arithmetic)).flat();
};

/** The frames that first show each acquisition, or up to this many later. */
const shown = ({ runs: [run] }: Truth, later = 0): number[] =>
  (run?.acquisitions ?? []).filter((frame) => frame < FRAMES).map((frame) => frame + later);
const count = (truth: Truth): number => shown(truth).length;
const only = `trim=end_frame=${FRAMES + 2}`;

/** The upper part of each picture is new, the rest still the picture before. */
const torn = (share: number): string =>
  `split[a][b];[b]tpad=start=1:start_mode=clone,crop=iw:ih*${1 - share}:0:ih*${share}[l];[a][l]overlay=0:H*${share}`;
const combed = 'fps=60,trim=start_frame=1,setpts=PTS-STARTPTS,tinterlace=mode=interleave_top,setfield=prog';

describe('acquisitions of a real feed whose pictures change in parts', () => {
  for (const share of [0.3, 0.55, 0.8]) {
    it(
      `are the complete pictures where a screen tears at ${share} of its height`,
      withSampleFeed('suite-30fps', async (video, truth) => {
        expect(await found(recording(video, truth, `${only},${torn(share)}`))).toEqual(shown(truth, 1));
      }),
    );
  }

  it(
    'are the pictures of one field in interlaced video that is not marked as such',
    withSampleFeed('suite-30fps', async (video, truth) => {
      expect(await found(recording(video, truth, `${only},${combed}`))).toEqual(shown(truth));
    }),
  );

  it(
    'are all found by an image area that is looked for meanwhile, from the first picture on',
    withSampleFeed('suite-30fps', async (video, truth) => {
      const [start] = shown(truth);
      const feed = recording(video, truth, `trim=start_frame=${start}:end_frame=${FRAMES + 2},setpts=PTS-STARTPTS,${torn(0.55)}`);
      const later = shown(truth, 1).map((frame) => frame - (start ?? 0));
      // The very first is complete: there is none before it.
      expect(await found(feed.pipe(withImageArea('auto')))).toEqual([0, ...later.slice(1)]);
    }),
  );

  it(
    'are none of what the monitor showed half a second before',
    withSampleFeed('suite-30fps', async (video, truth) => {
      const start = (shown(truth)[0] ?? 0) - 15;
      const feed = recording(video, truth, `trim=start_frame=${start}:end_frame=${FRAMES + 2},setpts=PTS-STARTPTS`);
      expect(await found(feed.pipe(withImageArea('auto')))).toEqual(shown(truth).map((frame) => frame - start));
    }),
  );

  it(
    'are found once each where another frame rate was made by blending',
    withSampleFeed('suite-30fps', async (video, truth) => {
      for (const fps of [25, 50]) {
        const feed = recording(video, { ...truth, fps }, `${only},framerate=fps=${fps}:interp_start=0:interp_end=255`);
        expect(await found(feed)).toHaveLength(count(truth));
      }
    }),
  );

  for (const [rate, end, coding] of [
    ['6000k', FRAMES, ['-maxrate', '6000k', '-bufsize', '1835k', '-bf', '2']],
    ['2000k', 280, ['-maxrate', '2000k', '-bufsize', '1835k', '-bf', '2']],
  ] as const)
    it(
      `are found once each in MPEG-2 of ${rate.slice(0, 1)} Mb/s, which draws some of them twice`,
      withSampleFeed('suite-30fps', async (video, truth) => {
        const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-'));
        try {
          const weak = path.join(folder, 'weak.ts');
          const read = ['-v', 'quiet', '-i', video, '-vf', `trim=end_frame=${end + 2}`];
          execFileSync(bundledFfmpeg, [...read, '-c:v', 'mpeg2video', '-b:v', rate, '-g', '15', ...coding, weak]);
          const acquisitions = (truth.runs[0]?.acquisitions ?? []).filter((frame) => frame < end);
          expect(await found(recording(weak, truth))).toHaveLength(acquisitions.length);
        } finally {
          rmSync(folder, { recursive: true });
        }
      }),
    );
});
