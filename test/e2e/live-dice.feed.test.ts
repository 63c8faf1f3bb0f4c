import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, switchMap } from 'rxjs';
import { findFfmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { workerSegmenter } from '../../src/infer/worker/worker-segmenter.node';
import { MONITOR_IMAGE_AREA } from '../../src/phantom/feed/monitor';
import { compareLive } from '../support/live-dice';
import { recordSuite } from '../support/suite-recording';
import { root } from './serve';

const folder = mkdtempSync(join(tmpdir(), 'live-dice-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clock = { now: () => performance.timeOrigin + performance.now() };
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

it('finds through an H.264 feed, repeats and an online key frame what it finds in the images themselves', async () => {
  const ffmpeg = await findFfmpeg();
  const video = join(folder, 'suite.mkv');
  const recording = await recordSuite(video, { seed: 1, patients: 2, crf: 23, ffmpeg: ffmpeg.path });
  const loaded = workerSegmenter({ folder: join(root, 'models/dsa-ltdnet'), provider: 'cpu', clock, threads: 1 });
  const compared = await firstValueFrom(loaded.pipe(switchMap((segmenter) => compareLive(video, recording, { segmenter, ffmpeg, clock }))));

  expect(compared.map(({ missed, extra }) => [missed, extra])).toEqual([
    [0, 0],
    [0, 0],
  ]);
  const live = compared.flatMap((one) => one.live ?? []);
  expect(live).toHaveLength(2);
  for (const { imageArea, agreement } of live) {
    for (const key of ['x', 'y', 'width', 'height'] as const)
      expect(Math.abs(imageArea[key] - MONITOR_IMAGE_AREA[key])).toBeLessThanOrEqual(4);
    expect(agreement).toBeGreaterThan(0.9);
  }
  // First the whole way, where noise chooses among the frames of a plateau; then that of the chosen frame alone. Means
  // over more patients: bench:live-dice.
  expect(Math.abs(mean(compared.map(({ offline, live }) => (live?.dice ?? 0) - offline.dice)))).toBeLessThan(0.05);
  expect(mean(live.map(({ dice, offlineDice }) => Math.abs(dice - offlineDice)))).toBeLessThan(0.02);
}, 900_000);
