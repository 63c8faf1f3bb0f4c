import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { readDataSet } from '../../src/study/data-set.node';
import { labelme } from './labelme';

let folder: string;
let png: Buffer;
const picture = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: 'grey' } })
    .png()
    .toBuffer();
beforeAll(async () => void (png = await picture(64, 48)));
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'data-set-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, string | Buffer | object>>;

/** A patient who can be used, with other files in place of some; null: left out. */
function patient(name: string, files: Files = {}, without: readonly string[] = []): void {
  const all: Files = { 'run.mkv': 'not decoded here', 'acquisition-12.png': png, 'acquisition-12.json': labelme(), ...files };
  mkdirSync(join(folder, name));
  for (const [file, content] of Object.entries(all).filter(([file]) => !without.includes(file))) {
    writeFileSync(join(folder, name, file), typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  }
}
const problems = async (): Promise<string[]> => (await readDataSet(folder)).problems.map(({ file, problem }) => `${file}: ${problem}`);

it('reads each patient’s video and annotations in order, and leaves the truth of simulated patients alone', async () => {
  patient('b', { 'acquisition-9.json': labelme(), 'truth.json': '{}' });
  patient('a', { 'scan 7.MP4': '' }, ['run.mkv']);
  writeFileSync(join(folder, 'README.txt'), 'about');
  mkdirSync(join(folder, '.cache'));
  const { patients, problems } = await readDataSet(folder);
  expect(problems).toEqual([]);
  expect(patients.map(({ patient, video }) => [patient, video])).toEqual([
    ['a', join('a', 'scan 7.MP4')],
    ['b', join('b', 'run.mkv')],
  ]);
  expect(patients[1]?.annotated.map(({ acquisition, file }) => [acquisition, file])).toEqual([
    [9, join('b', 'acquisition-9.json')],
    [12, join('b', 'acquisition-12.json')],
  ]);
});

it('takes the last number of a name for the acquisition, and the image from inside', async () => {
  const inside = labelme({ imagePath: 'gone.png', imageData: png.toString('base64') });
  patient('a', { 'patient 3, image 14 of DSA.json': inside }, ['acquisition-12.json', 'acquisition-12.png']);
  expect((await readDataSet(folder)).patients[0]?.annotated[0]?.acquisition).toBe(14);
});

it.each<[string, Files, string[], string]>([
  ['no video', {}, ['run.mkv'], 'a: expected one video (run.mkv), got none'],
  ['two videos', { 'a.avi': '', 'b.mov': '' }, ['run.mkv'], 'a: expected one video (run.mkv), got a.avi, b.mov'],
  ['no annotation', {}, ['acquisition-12.json'], 'a: expected Labelme annotations (acquisition-NN.json), got none'],
  ['an annotation without its image', {}, ['acquisition-12.png'], 'a/acquisition-12.json: its image acquisition-12.png is missing'],
  ['an image that is none', { 'acquisition-12.png': 'hello' }, [], 'a/acquisition-12.json: its image acquisition-12.png cannot be read'],
  [
    'an image inside that is none',
    { 'acquisition-12.json': labelme({ imageData: 'aGVsbG8=' }) },
    [],
    'a/acquisition-12.json: the image inside cannot be read',
  ],
  [
    'an image of another size',
    { 'acquisition-12.json': labelme({ imageWidth: 640, imageHeight: 480 }) },
    [],
    'a/acquisition-12.json: expected its image to have 640 × 480 pixels, got 64 × 48',
  ],
  ['a name without a number', { 'key.json': labelme() }, [], 'a/key.json: expected an acquisition number in its name'],
  ['an acquisition annotated twice', { 'image-012.json': labelme() }, [], 'a/image-012.json: a second annotation of acquisition 12'],
  [
    'an unknown label',
    { 'acquisition-12.json': labelme({ shapes: [{ ...labelme().shapes[0], label: 'Leber' }, labelme().shapes[0]] }) },
    [],
    'a/acquisition-12.json: shape 1 (Leber): expected a label of tumour, tumor, HCC, liver, got "Leber"',
  ],
])('names the file and the problem: %s', async (_, files, without, expected) => {
  patient('a', files, without);
  expect((await problems()).map((problem) => problem.replaceAll('\\', '/'))).toEqual([expected]);
});

it('lists the problems of all patients, and gives the others', async () => {
  patient('a', {}, ['run.mkv']);
  patient('b');
  patient('c', { 'acquisition-12.json': '{', 'acquisition-13.json': '[' });
  const { patients, problems } = await readDataSet(folder);
  expect(patients.map(({ patient }) => patient)).toEqual(['b']);
  expect(problems.map(({ file }) => file)).toEqual(['a', join('c', 'acquisition-12.json'), join('c', 'acquisition-13.json')]);
});

it('finds no patients in an empty folder', async () => {
  expect(await problems()).toEqual([`${folder}: expected a folder per patient, got none`]);
});
