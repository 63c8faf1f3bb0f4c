import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { path as bundled } from '@ffmpeg-installer/ffmpeg';
import { writePatients } from '../../src/phantom/data/write-patients.node';
import type { KeyFrameStudy } from '../../src/study/key-frame-study';
import { root } from './serve';

const SEED = 930_001;
const folder = mkdtempSync(join(tmpdir(), 'evaluate-key-frames-'));
const data = join(folder, 'data');
const [first, second] = [`phantom-${SEED}`, `phantom-${SEED + 1}`];
const truth = (patient: string) =>
  JSON.parse(readFileSync(join(data, patient, 'truth.json'), 'utf8')) as {
    keyFrame: number;
    acquisitions: number;
    acquisitionRateHz: number;
  };

const evaluate = (...args: string[]) =>
  spawnSync(process.execPath, ['dist/main.node.js', 'evaluate', '--keyframes', ...args], { cwd: root, encoding: 'utf8', timeout: 60_000 });

beforeAll(async () => {
  await writePatients({ out: data, cases: 2, seed: SEED, ffmpeg: bundled });
  const marks = [
    `${first},${truth(first).keyFrame - 2},Anna`,
    `${first},${truth(first).keyFrame + 1},Ben`,
    `${second},${truth(second).keyFrame},Anna`,
  ];
  writeFileSync(join(data, 'keyframes.csv'), `recording,frame,reader\n${marks.join('\n')}\n`);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('compares key frames with marks, and writes tables', () => {
  const out = join(folder, 'out');
  const ran = evaluate('--data', data, '--out', out, '--json');
  expect(ran.stderr).toBe('');
  expect(ran.status).toBe(0);
  const study = JSON.parse(ran.stdout) as KeyFrameStudy;
  expect(study).toMatchObject({ recordings: 2, marks: 3, readers: 2, rule: { pairs: 3, meanFrames: 1, within: [1 / 3, 2 / 3, 1] } });
  expect(study.betweenReaders).toMatchObject({ pairs: 1, meanFrames: 3 });
  for (const { recording, acquisitions, acquisitionRateHz, keyFrames, marks } of study.cases) {
    const { keyFrame, ...rest } = truth(recording);
    expect({ rule: keyFrames.rule, acquisitions, acquisitionRateHz }).toEqual({
      ...{ rule: keyFrame, acquisitions: rest.acquisitions, acquisitionRateHz: expect.closeTo(rest.acquisitionRateHz, 1) },
    });
    for (const { rule } of marks) expect(rule?.seconds).toBeCloseTo((rule?.frames ?? NaN) / rest.acquisitionRateHz, 2);
  }
  expect(study.cases.map(({ marks }) => marks.map(({ rule }) => rule?.frames))).toEqual([[2, -1], [0]]);

  expect(readdirSync(out).sort()).toEqual(['distances.csv', 'keyframes.json']);
  expect(JSON.parse(readFileSync(join(out, 'keyframes.json'), 'utf8'))).toEqual(study);
  expect(readFileSync(join(out, 'distances.csv'), 'utf8').trim().split('\n')).toHaveLength(4);
}, 60_000);

it('prints a table', () => {
  const { stdout, status } = evaluate('--data', data);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^3 marks by 2 readers$/m);
  expect(stdout).toMatch(/^the paper’s rule +3 +1\.00 +1\.00 +\d\.\d\d +\d\.\d\d +33% +67% +100%$/m);
}, 60_000);

it('lists all that is wrong in one line each, ends with 2 and writes nothing', () => {
  const broken = join(folder, 'broken');
  cpSync(join(data, first), join(broken, first), { recursive: true });
  cpSync(join(data, second, 'run.mkv'), join(broken, 'unmarked.mkv'));
  writeFileSync(join(broken, 'unreadable.mp4'), 'not a video');
  const lines = ['recording,frame', `${first},99`, 'unreadable.mp4,3', 'missing.mkv,3', 'missing.mkv,Smith'];
  writeFileSync(join(broken, 'keyframes.csv'), lines.join('\n'));
  const { stdout, stderr, status } = evaluate('--data', broken, '--out', join(folder, 'nothing'));
  expect(stderr.trim().split('\n')).toEqual([
    'keyframes.csv: line 5: expected a frame as a whole number from 0, got something else',
    'keyframes.csv: no recording missing.mkv in the folder',
    'unmarked.mkv: expected a mark, got none',
    `keyframes.csv: line 2: expected a frame of ${join(first, 'run.mkv')} (0 to ${truth(first).acquisitions - 1}), got 99`,
    'unreadable.mp4: not a readable video',
    `angiocast: ${broken}: 5 problems, nothing was evaluated`,
  ]);
  expect(stdout).toBe('');
  expect(status).toBe(2);
  expect(existsSync(join(folder, 'nothing'))).toBe(false);
}, 60_000);

it.each([
  ['a missing folder', ['--data', join(folder, 'missing')], 'data: expected a readable folder, got ENOENT'],
  ['results among the recordings', ['--data', data, '--out', join(data, 'out')], 'out: expected a folder outside the data set, got '],
  [
    'a model, which it would not use',
    ['--data', data, '--model', folder],
    "option '--keyframes' cannot be used with option '--model <DIR>'",
  ],
])('refuses %s in one line', (_, args, expected) => {
  const { stderr, status } = evaluate(...args);
  expect(stderr).toContain(expected);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(status).toBe(2);
});
