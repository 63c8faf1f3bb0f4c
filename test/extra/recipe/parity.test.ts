import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, map, toArray } from 'rxjs';
import { findFfmpeg } from '../../../src/acquire/ffmpeg/binary.node';
import { areaAverage, toAnalysisImage } from '../../../src/acquire/pixels/area-average';
import { recordedImages } from '../../../src/acquire/recorded-images.node';
import { clock } from '../../../src/core/clock.node';
import { selectKeyFrame } from '../../../src/detect/select-key-frame';
import { type AnalysisImage, ANALYSIS_SIZE } from '../../../src/frame';
import { FIELD_HEIGHT, FIELD_WIDTH } from '../../../src/phantom/anatomy/field';
import { toLabelme } from '../../../src/phantom/data/labelme';
import { phantomRun } from '../../../src/phantom/feed/phantom-run';
import { needs } from '../needs';
import { type PreparedPatient, readPrepared } from './prepared-patient';
import { angiocast, ran, recipe, recipeNeeds } from './python';

needs(...recipeNeeds);

const SEEDS = [31, 32];
const whole = { x: 0, y: 0, width: FIELD_WIDTH, height: FIELD_HEIGHT };
const analysed = (pixels: Uint8Array): AnalysisImage => toAnalysisImage(areaAverage({ pixels, width: FIELD_WIDTH }, whole));
const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
const at = (...names: string[]): string => join(folder, ...names);
const nameOf = (seed: number): string => `phantom-${String(seed).padStart(6, '0')}`;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The pictures of a video, decoded as `serve` does, small. */
async function decoded(video: string): Promise<AnalysisImage[]> {
  const images = recordedImages(video, await findFfmpeg(), clock);
  return lastValueFrom(
    images.pipe(
      map(({ pixels }) => analysed(pixels)),
      toArray(),
    ),
  );
}

/** The largest difference in grey between what prepare.py keeps and the images themselves, k−9 … k+2. */
function apart({ key, frames }: PreparedPatient, images: readonly AnalysisImage[]): number {
  return Math.max(
    ...frames.map((frame, n) => {
      const image = images[Math.min(Math.max(0, key - 9 + n), images.length - 1)] as AnalysisImage;
      return frame.reduce((most, grey, i) => Math.max(most, Math.abs(grey - (image[i] as number))), 0);
    }),
  );
}

const pictureIn = (of: string): string => readdirSync(of).find((name) => name.endsWith('.png')) ?? '';
const differing = (a: Uint8Array, b: Uint8Array): number => a.reduce((count, value, i) => count + Number(value !== b[i]), 0);

describe('prepare.py and the live program', () => {
  beforeAll(() => {
    angiocast('phantom', '--out', at('set'), '--cases', String(SEEDS.length), '--seed', String(SEEDS[0]));
    recipe('prepare.py', at('set'), at('prepared'));
  }, 360_000);

  it.each(SEEDS)(
    'see the same images and choose the same key frame (patient %i)',
    (seed) => {
      const run = phantomRun(seed);
      const images = Array.from({ length: run.acquisitions }, (_, k) => analysed(run.imageAt(k)));
      const patient = readPrepared(at('prepared', `${nameOf(seed)}.npz`));
      expect(patient.key).toBe(selectKeyFrame(images)?.index);
      expect(apart(patient, images)).toBe(0);
    },
    180_000,
  );

  it.each(SEEDS)('fill the same pixels of an outline, up to those whose centre it meets (patient %i)', (seed) => {
    const run = phantomRun(seed, { width: ANALYSIS_SIZE, height: ANALYSIS_SIZE });
    const { key, tumour, liver, lesions } = readPrepared(at('prepared', `${nameOf(seed)}.npz`));
    for (let n = 0; n < 3; n++) {
      const k = Math.min(key + n, run.acquisitions - 1);
      // Annotations are rounded to hundredths of a display pixel.
      expect(differing(tumour[n] as Uint8Array, run.tumourMaskAt(k))).toBeLessThanOrEqual(4);
      expect(differing(liver[n] as Uint8Array, run.liverMaskAt(k))).toBeLessThanOrEqual(4);
    }
    expect(lesions.map((number) => Number(number > 0))).toEqual(new Uint8Array(tumour[0] as Uint8Array));
  });

  it('see the same in a compressed video of limited range', async () => {
    const patient = at('compressed', 'patient');
    mkdirSync(patient, { recursive: true });
    const video = join(patient, 'run.mp4');
    const codec = ['-c:v', 'libx264', '-crf', '20', '-pix_fmt', 'yuv444p', '-color_range', 'tv'];
    ran('ffmpeg', '-v', 'error', '-i', at('set', nameOf(31), 'run.mkv'), ...codec, video);
    const images = await decoded(video);
    const key = selectKeyFrame(images)?.index ?? -1;
    const run = phantomRun(31);
    copyFileSync(at('set', nameOf(31), pictureIn(at('set', nameOf(31)))), join(patient, 'shown.png'));
    writeFileSync(join(patient, `acquisition-${key}.json`), JSON.stringify(toLabelme('shown.png', run.liverAt(key), [])));
    recipe('prepare.py', at('compressed'), at('from-compressed'), '--no-successors', '--allow-empty');
    const prepared = readPrepared(at('from-compressed', 'patient.npz'));
    expect(prepared.key).toBe(key);
    // Where the successors were are copies of the key frame.
    expect(apart({ ...prepared, frames: prepared.frames.slice(0, 10) }, images)).toBe(0);
  }, 180_000);

  it('give the same for rendered patients', () => {
    ran(process.execPath, 'dist/phantom/data/write-stacks.node.js', '--out', at('rendered'), '--cases', '1', '--seed', '31');
    recipe('prepare.py', at('rendered'), at('from-rendered'));
    const run = phantomRun(31, { width: ANALYSIS_SIZE, height: ANALYSIS_SIZE });
    const { key, tumour, liver, frames } = readPrepared(at('from-rendered', '31.npz'));
    expect(differing(frames[9] as Uint8Array, run.imageAt(key))).toBe(0);
    expect(differing(tumour[0] as Uint8Array, run.tumourMaskAt(key))).toBe(0);
    expect(differing(liver[0] as Uint8Array, run.liverMaskAt(key))).toBe(0);
  }, 180_000);
});
