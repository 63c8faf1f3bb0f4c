import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readMarkedRecordings } from '../../src/study/marked-recordings.node';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'marked-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function files(names: readonly string[], csv?: string): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), 'not decoded here');
  }
  if (csv !== undefined) writeFileSync(join(folder, 'keyframes.csv'), csv);
}
const problems = async () =>
  (await readMarkedRecordings(folder)).problems.map(({ file, problem }) => `${file}: ${problem}`.replaceAll('\\', '/'));

it('takes videos, and folders with one, for recordings', async () => {
  files(
    ['b.MP4', 'a/run.mkv', 'a/extra.mp4', 'c/scan 7.avi', 'notes/read me.txt', 'README.txt', '.cache/x.mkv'],
    'recording,frame\nc,1\nb.MP4,2\na,3\n',
  );
  const { recordings, problems } = await readMarkedRecordings(folder);
  expect(problems).toEqual([]);
  expect(recordings.map(({ recording, video, marks }) => [recording, video, marks.map(({ frame }) => frame)])).toEqual([
    ['a', join('a', 'run.mkv'), [3]],
    ['b.MP4', 'b.MP4', [2]],
    ['c', join('c', 'scan 7.avi'), [1]],
  ]);
});

it.each<[string, readonly string[], string | undefined, readonly string[]]>([
  ['no marks', ['a.mkv'], undefined, ['keyframes.csv: is missing']],
  ['a bad header', ['a.mkv'], 'name,frame\na.mkv,1', [expect.stringContaining('keyframes.csv: line 1: expected the header')]],
  [
    'a recording that is not there, or outside the folder',
    ['a.mkv'],
    'recording,frame\na.mkv,1\nb.mkv,1\n../c.mkv,1',
    ['keyframes.csv: no recording b.mkv in the folder', 'keyframes.csv: no recording ../c.mkv in the folder'],
  ],
  ['a recording that nobody marked', ['a.mkv', 'b.mkv'], 'recording,frame\na.mkv,1', ['b.mkv: expected a mark, got none']],
  ['several videos', ['a/1.mkv', 'a/2.mkv'], 'recording,frame\na,1', ['a: expected one video (run.mkv), got 1.mkv, 2.mkv']],
  [
    'all of it at once',
    ['a.mkv', 'b.mkv'],
    'recording,frame\na.mkv,x\nc.mkv,1',
    [
      'keyframes.csv: line 2: expected a frame as a whole number from 0, got something else',
      'keyframes.csv: no recording c.mkv in the folder',
      'b.mkv: expected a mark, got none',
    ],
  ],
])('names the file and the problem: %s', async (_, names, csv, expected) => {
  files(names, csv);
  expect(await problems()).toEqual(expected);
});
