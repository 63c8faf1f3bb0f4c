import { from, type Observable, throwError } from 'rxjs';
import { SourceError } from '../../src/acquire/source';
import { compareKeyFrames } from '../../src/study/marked-recording';
import type { Picture } from '../../src/study/patient';

/** A video that moves until `still`, stands for three acquisitions and moves on; at first four a second, then one. */
const pictures = (count: number, still: number, rest: Partial<Picture> = {}): Picture[] =>
  Array.from({ length: count }, (_, k) => ({
    ...{ width: 64, height: 48, seconds: 10 + (k < 10 ? k / 4 : k - 7.5) },
    pixels: new Uint8Array(64 * 48).fill(Math.abs(k - still) <= 1 ? 100 : 20 * (k % 5)),
    ...rest,
  }));

const compare = (video: Observable<Picture>, frames: readonly number[]) => {
  const marks = frames.map((frame, i) => ({ line: i + 2, recording: 'a', reader: `reader ${i}`, frame }));
  return compareKeyFrames({ recording: 'a', video: 'a/run.mkv', marks }, () => video);
};

it('measures from each mark to the key frame, later ones positive, in frames and by the video’s own time', async () => {
  expect(await compare(from(pictures(20, 12)), [8, 12, 14])).toMatchObject({
    ...{ recording: 'a', acquisitions: 20, keyFrames: { rule: 12, stabilised: null, final: 12 } },
    marks: [
      { reader: 'reader 0', frame: 8, seconds: 2, rule: { frames: 4, seconds: 2.5 }, stabilised: null },
      { frame: 12, seconds: 4.5, rule: { frames: 0, seconds: 0 } },
      { frame: 14, seconds: 6.5, rule: { frames: -2, seconds: -2 }, final: { frames: -2, seconds: -2 } },
    ],
  });
});

it('tells the frame rate of the video, timestamps in milliseconds or not', async () => {
  const video = pictures(20, 12).map((picture, k) => ({ ...picture, seconds: Math.round((1000 * k) / 3) / 1000 }));
  expect(await compare(from(video), [8])).toMatchObject({ acquisitionRateHz: 3 });
});

const timestamps = 'a/run.mkv: expected pictures with rising timestamps, got others';

it.each<[string, Observable<Picture>, readonly number[], readonly string[]]>([
  [
    'frames beyond the video',
    from(pictures(20, 12)),
    [19, 20, 99],
    [
      'keyframes.csv: line 3: expected a frame of a/run.mkv (0 to 19), got 20',
      'keyframes.csv: line 4: expected a frame of a/run.mkv (0 to 19), got 99',
    ],
  ],
  ['a short video', from(pictures(2, 1)), [0], ['a/run.mkv: expected at least 3 acquisitions, got 2']],
  ['a video without timestamps', from(pictures(20, 12, { seconds: null })), [0], [timestamps]],
  ['a video that stands still in time', from(pictures(20, 12, { seconds: 1 })), [0], [timestamps]],
  [
    'a video that cannot be read',
    throwError(() => new SourceError('no-video', 'not a readable video')),
    [0],
    ['a/run.mkv: not a readable video'],
  ],
  [
    'a video that changes its size',
    from([...pictures(20, 12), { width: 48, height: 64, seconds: 99, pixels: new Uint8Array(48 * 64) }]),
    [0],
    ['a/run.mkv: expected pictures of one size, got 1 that are not 64 × 48'],
  ],
])('names the file and the problem: %s', async (_, video, frames, expected) => {
  const problems = await compare(video, frames);
  expect('keyFrames' in problems ? [] : problems.map(({ file, problem }) => `${file}: ${problem}`)).toEqual(expected);
});
