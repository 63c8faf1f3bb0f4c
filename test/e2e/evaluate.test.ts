import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { path as bundled } from '@ffmpeg-installer/ffmpeg';
import { firstValueFrom, switchMap } from 'rxjs';
import sharp from 'sharp';
import { areaAverage, toAnalysisImage } from '../../src/acquire/pixels/area-average';
import { ANALYSIS_SIZE } from '../../src/frame';
import { workerSegmenter } from '../../src/infer/worker/worker-segmenter.node';
import { threshold, tumourPixels } from '../../src/mask/tumour-pixels';
import { FIELD_HEIGHT, FIELD_WIDTH } from '../../src/phantom/anatomy/field';
import { writePatients } from '../../src/phantom/data/write-patients.node';
import { phantomRun } from '../../src/phantom/feed/phantom-run';
import type { Evaluation } from '../../src/study/evaluation';
import { root } from './serve';

const SEED = 920_002;
const folder = mkdtempSync(join(tmpdir(), 'evaluate-'));
const data = join(folder, 'data');
const first = join(data, `phantom-${SEED}`);
const model = join(root, 'models/dsa-ltdnet');

const evaluate = (...args: string[]) =>
  spawnSync(process.execPath, ['dist/main.node.js', 'evaluate', '--provider', 'cpu', ...args], {
    cwd: root,
    encoding: 'utf8',
    timeout: 90_000,
  });

beforeAll(() => writePatients({ out: data, cases: 2, seed: SEED, ffmpeg: bundled }), 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('measures the bundle as the simulator’s own truth does, and writes tables and a picture', async () => {
  const out = join(folder, 'out');
  const ran = evaluate('--data', data, '--out', out, '--json');
  expect(ran.stderr).toBe('');
  expect(ran.status).toBe(0);
  const evaluation = JSON.parse(ran.stdout) as Evaluation;
  expect(evaluation.cases.map(({ patient }) => patient)).toEqual([`phantom-${SEED}`, `phantom-${SEED + 1}`]);
  for (const [n, { keyFrame, dice, liverDice, lesions }] of evaluation.cases.entries()) {
    const truth = JSON.parse(readFileSync(join(data, `phantom-${SEED + n}`, 'truth.json'), 'utf8')) as {
      keyFrame: number;
      tumours: object[];
    };
    expect(keyFrame).toBe(truth.keyFrame);
    expect(lesions).toHaveLength(truth.tumours.length);
    const expected = await straightFromTheSimulator(SEED + n, keyFrame);
    expect(Math.abs(dice - expected.dice)).toBeLessThan(0.001);
    expect(Math.abs(liverDice - expected.liverDice)).toBeLessThan(0.001);
    expect(liverDice).toBeGreaterThan(0.7);
  }

  expect(readdirSync(out).sort()).toEqual(['evaluation.json', 'panel.png', 'patients.csv']);
  expect(JSON.parse(readFileSync(join(out, 'evaluation.json'), 'utf8'))).toEqual(evaluation);
  expect(readFileSync(join(out, 'patients.csv'), 'utf8').trim().split('\n')).toHaveLength(3);
  const { width, height } = await sharp(join(out, 'panel.png')).metadata();
  expect(width).toBeGreaterThan(1500);
  expect(height).toBeGreaterThan(600);
}, 150_000);

it('prints a table', () => {
  const { stdout, status } = evaluate('--data', data, '--key', 'annotated');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^2 patients of /m);
  expect(stdout).toMatch(/^Dice +[01]\.\d{4} +[01]\.\d{4}–[01]\.\d{4} +[01]\.\d{4}$/m);
}, 60_000);

it('lists all that is wrong with a data set in one line each, ends with 2 and writes nothing', () => {
  const broken = join(folder, 'broken');
  cpSync(first, join(broken, 'good'), { recursive: true });
  cpSync(first, join(broken, 'json'), { recursive: true });
  const name = readdirSync(first).find((one) => one.startsWith('acquisition') && one.endsWith('.json')) as string;
  writeFileSync(join(broken, 'json', name), '{');
  mkdirSync(join(broken, 'empty'));
  cpSync(first, join(broken, 'unreadable'), { recursive: true });
  writeFileSync(join(broken, 'unreadable', 'run.mkv'), 'not a video');
  const { stdout, stderr, status } = evaluate('--data', broken, '--out', join(folder, 'nothing'));
  expect(stderr.trim().split('\n')).toEqual([
    'empty: expected one video (run.mkv), got none',
    expect.stringContaining(`${join('json', name)}: expected JSON, got something else`),
    `${join('unreadable', 'run.mkv')}: not a readable video`,
    `angiocast: ${broken}: 3 problems, nothing was evaluated`,
  ]);
  expect(stdout).toBe('');
  expect(status).toBe(2);
  expect(existsSync(join(folder, 'nothing'))).toBe(false);
}, 60_000);

it.each([
  ['a bundle that is none', ['--data', data, '--model', folder], 'model.json: cannot be read'],
  ['a missing data set', ['--data', join(folder, 'missing')], 'data: expected a readable folder, got ENOENT'],
  ['results among the patients', ['--data', data, '--out', join(data, 'out')], 'out: expected a folder outside the data set, got '],
  ['an unknown key frame', ['--data', data, '--key', 'last'], 'key: expected one of rule, annotated, got "last"'],
])('refuses %s in one line', (_, args, expected) => {
  const { stderr, status } = evaluate(...args);
  expect(stderr).toContain(expected);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(status).toBe(2);
});

/** Without video, annotation and study: the pictures and the truth as the simulator has them. */
async function straightFromTheSimulator(seed: number, key: number): Promise<{ dice: number; liverDice: number }> {
  const run = phantomRun(seed);
  const area = { x: 0, y: 0, width: FIELD_WIDTH, height: FIELD_HEIGHT };
  const image = (k: number) => toAnalysisImage(areaAverage({ pixels: run.imageAt(Math.max(0, k)), width: FIELD_WIDTH }, area));
  const images = Array.from({ length: 10 }, (_, i) => image(key - 9 + i));
  const small = phantomRun(seed, { width: ANALYSIS_SIZE, height: ANALYSIS_SIZE });
  const loaded = workerSegmenter({ folder: model, provider: 'cpu', clock: { now: () => performance.now() }, threads: 1 });
  return firstValueFrom(
    loaded.pipe(
      switchMap(async (segmenter) => {
        const segmentation = await firstValueFrom(segmenter.segment({ images, paddedFrames: 0 }));
        const dice = (found: Uint8Array, truth: Uint8Array): number => {
          const sum = (bits: Uint8Array): number => bits.reduce((count, bit) => count + bit, 0);
          return (2 * sum(found.map((bit, i) => bit & (truth[i] as number)))) / (sum(found) + sum(truth));
        };
        return {
          dice: dice(tumourPixels(segmentation, segmenter.thresholds), small.tumourMaskAt(key)),
          liverDice: dice(threshold(segmentation.liver, segmenter.thresholds.liver), small.liverMaskAt(key)),
        };
      }),
    ),
  );
}
