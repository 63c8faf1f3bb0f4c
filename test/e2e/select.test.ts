import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { path as bundled } from '@ffmpeg-installer/ffmpeg';
import { toArray, lastValueFrom, map, timer } from 'rxjs';
import sharp from 'sharp';
import { findFfmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { parseSource } from '../../src/acquire/source-uri';
import { clock } from '../../src/core/clock.node';
import { FIELD_HEIGHT, FIELD_WIDTH } from '../../src/phantom/anatomy/field';
import { writePatients } from '../../src/phantom/data/write-patients.node';
import { streamThread } from '../../src/server/stream-thread.node';
import { ffmpegPath } from './ffmpeg';
import { root } from './serve';

interface Truth {
  readonly preContrast: number;
  readonly acquisitionRateHz: number;
}

const SEED = 920_004;
const folder = mkdtempSync(join(tmpdir(), 'select-'));
const recording = join(folder, `phantom-${SEED}`, 'run.mkv');

const select = (file: string, out: string) =>
  spawnSync(process.execPath, ['dist/main.node.js', 'select', file, '--provider', 'cpu', '--out', out], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  });

beforeAll(() => writePatients({ out: folder, cases: 1, seed: SEED, ffmpeg: bundled }), 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('writes the key frame of the offline rule and its mask', async () => {
  const out = join(folder, 'out');
  const { status, stdout, stderr } = select(`${recording}#imageArea=0,0,${FIELD_WIDTH},${FIELD_HEIGHT}`, out);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [run = '', ...others] = stdout.trim().split('\n');
  expect(others).toEqual([]);
  expect(readdirSync(run).sort()).toEqual(['keyframe.png', 'mask.png', 'overlay.png', 'run.json']);
  const record = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as Record<string, unknown>;
  const truth = JSON.parse(readFileSync(join(folder, `phantom-${SEED}`, 'truth.json'), 'utf8')) as Record<string, unknown>;
  expect(record).toMatchObject({ acquisitions: truth['acquisitions'], mask: { frame: truth['keyFrame'], status: 'final' } });
  const [grey, coloured] = await Promise.all(['keyframe.png', 'overlay.png'].map((name) => sharp(join(run, name)).stats()));
  expect(grey?.channels).toHaveLength(1);
  // The outline of what was found is drawn in a colour, on a picture that is as it was.
  expect(coloured?.channels.length).toBeGreaterThanOrEqual(3);
  expect(Math.abs((coloured?.channels[2]?.mean ?? 0) - (grey?.channels[0]?.mean ?? 0))).toBeLessThan(3);
  expect(coloured?.channels[0]?.mean).not.toBe(coloured?.channels[2]?.mean);
}, 60_000);

it('does not assess a run that was cut off before the contrast came', () => {
  const short = join(folder, 'short.mkv');
  const { preContrast, acquisitionRateHz } = JSON.parse(readFileSync(join(folder, `phantom-${SEED}`, 'truth.json'), 'utf8')) as Truth;
  const seconds = String((preContrast + 1) / acquisitionRateHz);
  expect(spawnSync(bundled, ['-v', 'error', '-i', recording, '-t', seconds, '-c', 'copy', short]).status).toBe(0);
  const { status, stdout, stderr } = select(`${short}#imageArea=0,0,${FIELD_WIDTH},${FIELD_HEIGHT}`, join(folder, 'cut'));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const run = stdout.trim();
  expect(readdirSync(run).sort()).toEqual(['keyframe.png', 'run.json']);
  const record = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as Record<string, unknown>;
  expect(record).toMatchObject({ keyFrame: { status: 'final', assessed: false, reason: 'no contrast in this run' }, mask: null });
}, 60_000);

it('suggests a remedy where 12-bit images in 16-bit video are nearly black, and finds them once they are brighter', () => {
  const [dim, bright] = [join(folder, 'dim.mkv'), join(folder, 'bright.mkv')];
  const noise = "nullsrc=s=128x128:r=8:d=3,format=gray16le,geq=lum='(128+24*(random(1)-0.5))*16'";
  const made = (...args: string[]) => spawnSync(ffmpegPath, ['-v', 'error', '-y', ...args]).status;
  expect(made('-f', 'lavfi', '-i', noise, '-c:v', 'ffv1', dim)).toBe(0);
  expect(select(dim, join(folder, 'dim')).stderr).toMatch(
    /no run found; nearly black: its 16-bit samples use 12 bits at most.*lut=c0=val\*16/,
  );
  expect(made('-i', dim, '-vf', 'lut=c0=val*16', '-c:v', 'ffv1', bright)).toBe(0);
  expect(select(bright, join(folder, 'bright'))).toMatchObject({ stdout: expect.stringMatching(/run-1/) as string, stderr: '' });
});

it('reports what is wrong with a recording that cannot be read', () => {
  const { status, stderr } = select(join(folder, 'nothing.mkv'), join(folder, 'none'));
  expect(status).toBe(1);
  expect(stderr).toContain('no such file');
}, 60_000);

it('reads ahead while it waits, and prints nothing before, everything then', async () => {
  const ffmpeg = await findFfmpeg();
  const thread = (after?: Promise<unknown>) =>
    streamThread({
      ...{ stream: 'test', spec: parseSource(`${recording}#rate=max`), ffmpeg, clock, after },
      onCaptured: () => undefined,
      onHardwareRefusal: () => undefined,
    });
  let waited = false;
  const inTime: boolean[] = [];
  const late = thread(lastValueFrom(timer(3000)).then(() => (waited = true))).pipe(
    map((classified) => {
      inTime.push(waited);
      return classified.kind;
    }),
    toArray(),
  );
  const kinds = await lastValueFrom(late);
  expect(inTime.every(Boolean)).toBe(true);
  expect(kinds).toEqual(
    await lastValueFrom(
      thread().pipe(
        map(({ kind }) => kind),
        toArray(),
      ),
    ),
  );
  expect(kinds.filter((kind) => kind === 'unique').length).toBeGreaterThan(20);
}, 60_000);
