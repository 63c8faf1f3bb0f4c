import { lastValueFrom, mergeMap, of, toArray } from 'rxjs';
import { findFfmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { uniqueAcquisitions } from '../../src/acquisitions/unique-acquisitions';
import { runs } from '../../src/runs/runs';
import { clock, run, scratch, source } from './ffmpegs';

const folder = scratch();
afterAll(() => folder.remove());

/** Noise at 8 Hz for two seconds, nothing for five, noise for two more. */
const noise = 'nullsrc=s=128x128:r=8:d=4,geq=lum=128+24*(random(1)-0.5):cb=128:cr=128,setpts=PTS+gte(T\\,2)*5/TB';

it.each([
  ['B-frames, which a decoder holds back', 'bframes.mp4', '-c:v', 'libx264', '-bf', '3'],
  ['pictures that each stand alone', 'alone.mkv', '-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p'],
])(
  'shows a recording with a pause as it was made, and ends its run when the pause begins: %s',
  async (_, file, ...coding) => {
    const ffmpeg = await findFfmpeg();
    await run(ffmpeg.path, '-f', 'lavfi', '-i', noise, '-vsync', 'vfr', '-pix_fmt', 'yuv420p', ...coding, folder.path(file));
    const openedAt = clock.now();
    const found = await lastValueFrom(
      source(folder.path(file), ffmpeg).pipe(
        uniqueAcquisitions(clock),
        runs('test', (count) => `run-${count}`),
        mergeMap((seen) => {
          if (seen.kind === 'stalled' || seen.kind === 'lost') return of(seen.kind);
          if (seen.kind !== 'run') return of();
          return seen.end.pipe(mergeMap((end) => of({ ...end, toldAt: clock.now() })));
        }),
        toArray(),
      ),
    );
    expect(found).toMatchObject([
      { reason: 'held', acquisitions: 16 },
      { reason: 'ended', acquisitions: 16 },
    ]);
    const [first] = found;
    if (typeof first !== 'object') throw new Error('no run');
    // The first acquisition comes within a second, the last 1.875 s later, and none is due after 1.5 s.
    expect(first.toldAt - openedAt).toBeLessThan(5500);
  },
  30_000,
);
