import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { path as bundled } from '@ffmpeg-installer/ffmpeg';
import sharp from 'sharp';
import { FIELD_HEIGHT, FIELD_WIDTH } from '../../src/phantom/anatomy/field';
import type { LabelmeFile } from '../../src/phantom/data/labelme';
import { writePatients } from '../../src/phantom/data/write-patients.node';
import { phantomRun } from '../../src/phantom/feed/phantom-run';

describe('writePatients', () => {
  const out = mkdtempSync(join(tmpdir(), 'phantoms-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));
  const progress: number[] = [];
  beforeAll(() => writePatients({ out, cases: 1, seed: 12, ffmpeg: bundled, onWritten: (written) => progress.push(written) }), 90_000);
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(out, 'phantom-000012', name), 'utf8')) as T;

  it('writes one complete folder per patient and counts them', () => {
    expect(readdirSync(out)).toEqual(['phantom-000012']);
    expect(progress).toEqual([1]);
  });

  it('keeps every acquisition in the video without loss', () => {
    const { acquisitions } = read<{ acquisitions: number }>('truth.json');
    const args = ['-v', 'error', '-i', join(out, 'phantom-000012', 'run.mkv'), '-f', 'rawvideo', '-pix_fmt', 'gray', '-'];
    const { stdout } = spawnSync(bundled, args, { maxBuffer: 64 << 20 });
    expect(stdout.length).toBe(acquisitions * FIELD_WIDTH * FIELD_HEIGHT);
    const last = phantomRun(12).imageAt(acquisitions - 1);
    expect(Buffer.compare(stdout.subarray(-last.length), last)).toBe(0);
  }, 60_000);

  it('annotates liver and tumours of the key frame and its two successors inside the picture', () => {
    const { keyFrame, tumours } = read<{ keyFrame: number; tumours: unknown[] }>('truth.json');
    const annotations = readdirSync(join(out, 'phantom-000012')).filter((name) => /^acquisition-\d+\.json$/.test(name));
    expect(annotations[0]).toBe(`acquisition-${String(keyFrame).padStart(2, '0')}.json`);
    for (const name of annotations) {
      const { shapes, imagePath } = read<LabelmeFile>(name);
      expect(imagePath).toBe(name.replace('.json', '.png'));
      expect(shapes.map(({ label }) => label)).toEqual(['liver', ...tumours.map(() => 'tumour')]);
      for (const [x, y] of shapes.flatMap(({ points }) => points)) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(FIELD_WIDTH);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(FIELD_HEIGHT);
      }
    }
  });

  it('shows the annotated acquisition as it is, in grey', async () => {
    const { keyFrame } = read<{ keyFrame: number }>('truth.json');
    const picture = sharp(join(out, 'phantom-000012', `acquisition-${String(keyFrame).padStart(2, '0')}.png`));
    expect(await picture.metadata()).toMatchObject({ width: FIELD_WIDTH, height: FIELD_HEIGHT, channels: 1 });
    expect(Buffer.compare(await picture.toColourspace('b-w').raw().toBuffer(), phantomRun(12).imageAt(keyFrame))).toBe(0);
  });

  it('flags each tumour as poor in blood or not', () => {
    const { keyFrame, tumours } = read<{ keyFrame: number; tumours: { poor: boolean }[] }>('truth.json');
    const { shapes } = read<LabelmeFile>(`acquisition-${String(keyFrame).padStart(2, '0')}.json`);
    const flags = shapes.filter(({ label }) => label === 'tumour').map((shape) => shape.flags);
    expect(flags).toEqual(tumours.map(({ poor }) => ({ poor })));
  });
});
