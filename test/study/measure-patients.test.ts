import { concat, from, type Observable, of, take, throwError } from 'rxjs';
import { SourceError } from '../../src/acquire/source';
import { ANALYSIS_SIZE } from '../../src/frame';
import type { Segmenter } from '../../src/infer/segmenter';
import type { KeyRule } from '../../src/study/evaluation';
import { checkVideos, segmentKeyFrame, measurePatients } from '../../src/study/measure-patients';
import type { AnnotatedPatient, Picture, StudyPatient } from '../../src/study/patient';
import { fakeSegmenter } from '../infer/fake-segmenter';
import { scriptedSegmenter } from '../infer/scripted-segmenter';
import { square } from './labelme';

const SIZE = { width: 64, height: 48 };

/** A video that moves until `still`, stands for three acquisitions and moves on. */
const pictures = (count: number, still: number, size = SIZE): readonly Picture[] =>
  Array.from({ length: count }, (_, k) => {
    const grey = Math.abs(k - still) <= 1 ? 100 : 20 * (k % 5);
    return { ...size, pixels: new Uint8Array(size.width * size.height).fill(grey) };
  });

const annotated = (patient: string, acquisitions: readonly number[], size = SIZE): AnnotatedPatient => ({
  patient,
  video: `${patient}/run.mkv`,
  annotated: acquisitions.map((acquisition) => ({
    ...{ file: `${patient}/acquisition-${acquisition}.json`, acquisition },
    annotation: { ...size, tumours: [], liver: [square(0, 0, 40)] },
  })),
});

async function check(patient: AnnotatedPatient, video: Observable<Picture>, rule: KeyRule = 'rule') {
  const { patients, problems } = await checkVideos(
    [patient],
    () => video,
    rule,
    () => undefined,
  );
  return { keyFrame: patients[0]?.keyFrame, problems: problems.map(({ file, problem }) => `${file}: ${problem}`) };
}

it('finds the key frame by the paper’s rule where it is annotated', async () => {
  expect(await check(annotated('a', [14, 15, 16]), from(pictures(25, 14)))).toEqual({ keyFrame: 14, problems: [] });
  expect(await check(annotated('a', [13, 14]), from(pictures(25, 14)))).toEqual({ keyFrame: 14, problems: [] });
});

it('lists the annotated acquisitions when the key frame is not, unless the first of them is requested', async () => {
  const video = from(pictures(25, 14));
  const problem = 'a: expected an annotation of the key frame 14, got those of 11, 12 (--key annotated takes the first)';
  expect(await check(annotated('a', [11, 12]), video)).toEqual({ keyFrame: undefined, problems: [problem] });
  expect(await check(annotated('a', [11, 12]), video, 'annotated')).toEqual({ keyFrame: 11, problems: [] });
});

it.each<[string, AnnotatedPatient, Observable<Picture>, readonly string[]]>([
  ['a short video', annotated('a', [5]), from(pictures(9, 5)), ['a/run.mkv: expected at least 10 acquisitions, got 9']],
  [
    'an acquisition beyond the video',
    annotated('a', [14, 25]),
    from(pictures(25, 14)),
    ['a/acquisition-25.json: expected an acquisition of a/run.mkv (0 to 24), got 25'],
  ],
  [
    'images of another size than the video',
    annotated('a', [14], { width: 640, height: 480 }),
    from(pictures(25, 14)),
    ['a/acquisition-14.json: expected an image of the video’s 64 × 48 pixels, got 640 × 480'],
  ],
  [
    'a video that changes its size',
    annotated('a', [14]),
    concat(from(pictures(20, 14)), from(pictures(2, 14, { width: 48, height: 64 }))),
    ['a/run.mkv: expected pictures of one size, got 2 that are not 64 × 48'],
  ],
  [
    'a video that breaks off',
    annotated('a', [14]),
    concat(
      of(pictures(1, 1)[0] as Picture),
      throwError(() => new SourceError('no-video', 'not a readable video')),
    ),
    ['a/run.mkv: not a readable video'],
  ],
  [
    'all of it at once',
    annotated('a', [14], { width: 640, height: 480 }),
    from(pictures(9, 5)),
    [
      'a/run.mkv: expected at least 10 acquisitions, got 9',
      'a/acquisition-14.json: expected an acquisition of a/run.mkv (0 to 8), got 14',
      'a/acquisition-14.json: expected an image of the video’s 64 × 48 pixels, got 640 × 480',
    ],
  ],
])('names the file and the problem: %s', async (_, patient, video, problems) => {
  expect(await check(patient, video)).toEqual({ keyFrame: undefined, problems });
});

it('goes on to the other patients, one at a time, and counts them', async () => {
  const said: number[] = [];
  const open = (video: string) =>
    video.startsWith('a') ? throwError(() => new SourceError('no-video', 'broken')) : from(pictures(25, 14));
  const all = [annotated('a', [14]), annotated('b', [14]), annotated('c', [3])];
  const { patients, problems } = await checkVideos(all, open, 'rule', (done) => said.push(done));
  expect(patients.map(({ patient }) => patient)).toEqual(['b']);
  expect(problems.map(({ file }) => file)).toEqual(['a/run.mkv', 'c']);
  expect(said).toEqual([1, 2, 3]);
});

it('does not take a mistake of the program for a problem of the data', async () => {
  await expect(
    check(
      annotated('a', [14]),
      throwError(() => new TypeError('oops')),
    ),
  ).rejects.toThrow('oops');
});

/**
 * Twice the analysis size; all dark is the square at 100, 100 of side 40. The fake segmenter takes dark for tumour,
 * and everything for liver.
 */
const side = 2 * ANALYSIS_SIZE;
const picture = (grey: number): Picture => {
  const pixels = new Uint8Array(side * side).fill(grey);
  for (let y = 100; y < 140; y++) pixels.fill(0, y * side + 100, y * side + 140);
  return { width: side, height: side, pixels };
};
const patient = (name: string, keyFrame = 2): StudyPatient => ({
  ...{ patient: name, video: `${name}/run.mkv`, keyFrame },
  annotation: {
    ...{ width: side, height: side },
    tumours: [
      { outline: square(100, 100, 40), diameter: 45, poor: true },
      { outline: square(300, 300, 20), diameter: 22.5, poor: null },
    ],
    liver: [square(0, 0, side)],
  },
});
const open = () => from([picture(200), picture(210), picture(220)]);

it('measures key frames on the analysis image, tumour by tumour', async () => {
  const [measured, ...others] = await measurePatients([patient('a'), patient('b')], open, fakeSegmenter(), () => undefined);
  expect(measured).toEqual({
    ...{ patient: 'a', keyFrame: 2, dice: (2 * 400) / (800 + 100), recall: 400 / 500, ppv: 1, specificity: 1, liverDice: 1 },
    npv: (65_536 - 500) / (65_536 - 400),
    lesions: [
      { diameter: 45, poor: true, dice: 1 },
      { diameter: 22.5, poor: null, dice: 0 },
    ],
  });
  expect(others.map((one) => one.patient)).toEqual(['b']);
});

it('pads a stack with the run’s first acquisition, as the live pipeline does', async () => {
  let seen: number[] = [];
  const fake = fakeSegmenter();
  const spy: Segmenter = { ...fake, segment: (stack) => ((seen = stack.images.map((image) => image[0] as number)), fake.segment(stack)) };
  await measurePatients([patient('a')], open, spy, () => undefined);
  expect(seen).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 210, 220]);
});

it('decodes the next patient while one is segmented, and no further', async () => {
  const opened: string[] = [];
  const segmenter = scriptedSegmenter();
  const opening = (video: string) => (opened.push(video), open());
  const work = measurePatients([patient('a'), patient('b'), patient('c')], opening, { ...segmenter, offsets: [0] }, () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(opened).toEqual(['a/run.mkv', 'b/run.mkv']);
  segmenter.fail();
  await expect(work).rejects.toThrow('a: the worker died');
});

it('names the patient whose video has become shorter since', async () => {
  const shorter = () => open().pipe(take(1));
  await expect(measurePatients([patient('a')], shorter, fakeSegmenter(), () => undefined)).rejects.toThrow(
    'a/run.mkv: it has fewer pictures',
  );
});

it('refuses a model whose outputs have another size than the analysis image', async () => {
  const segmenter = scriptedSegmenter();
  const work = measurePatients([patient('a')], open, segmenter, () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  segmenter.answer();
  await expect(work).rejects.toThrow('a: expected a model with outputs of 256×256, got 2×2');
});

it('gives the key frame in full size and what was found on it', async () => {
  const { picture: shown, segmentation } = await segmentKeyFrame(patient('a', 1), open, fakeSegmenter());
  expect([shown.width, shown.pixels[0]]).toEqual([side, 210]);
  expect(segmentation.tumour[0]).toBeCloseTo(1 - 210 / 255);
});
