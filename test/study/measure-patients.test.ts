import { from, take } from 'rxjs';
import { ANALYSIS_SIZE } from '../../src/frame';
import type { Segmenter } from '../../src/infer/segmenter';
import { lookAgain, measurePatients } from '../../src/study/measure-patients';
import type { StudyPatient } from '../../src/study/patient';
import type { Picture } from '../../src/study/recording';
import { fakeSegmenter } from '../infer/fake-segmenter';
import { scriptedSegmenter } from '../infer/scripted-segmenter';
import { square } from './labelme';

/** Twice the analysis size; all dark is the square at 100, 100 of side 40. The fake segmenter takes dark for tumour, and everything for liver. */
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
    'a/run.mkv: it has lost pictures',
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
  const { picture: shown, segmentation } = await lookAgain(patient('a', 1), open, fakeSegmenter());
  expect([shown.width, shown.pixels[0]]).toEqual([side, 210]);
  expect(segmentation.tumour[0]).toBeCloseTo(1 - 210 / 255);
});
