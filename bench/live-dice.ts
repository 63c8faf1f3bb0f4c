/**
 * What a live feed costs a mask: Dice of the final masks from an H.264 recording of the simulated suite (repeats,
 * panel, holds, image area to be found, key frame online) against Dice from the same acquisitions as simulated, by the
 * offline rule; both against the truth at their own key frame. `npm run bench:live-dice -- [PATIENTS] [SEED] [CRF]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { firstValueFrom, switchMap } from 'rxjs';
import { findFfmpeg } from '../src/acquire/ffmpeg/binary.node';
import { bootstrapInterval } from '../src/core/statistics';
import { workerSegmenter } from '../src/infer/worker/worker-segmenter.node';
import { seededRandom } from '../src/phantom/random';
import { type Compared, compareLive } from '../test/support/live-dice';
import { recordSuite } from '../test/support/suite-recording';

const [patients, seed, crf] = [10, 1, 23].map((standard, i) => Number(process.argv[i + 2] ?? standard)) as [number, number, number];
const clock = { now: () => performance.timeOrigin + performance.now() };

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const line = (...cells: readonly (string | number | null)[]): void =>
  console.log(cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(4) : (cell ?? '–')).padStart(13)).join(''));

function tell(compared: readonly Compared[]): void {
  line('patient', 'key offline', 'key live', 'Dice offline', 'Dice live', 'gap', 'same frame', 'agreement', 'missed+extra');
  for (const { seed, offline, live, missed, extra } of compared) {
    const [gap, sameFrame] = live ? [live.dice - offline.dice, live.dice - live.offlineDice] : [-offline.dice, null];
    line(
      ...[String(seed), String(offline.keyFrame), live ? String(live.keyFrame) : 'no mask'],
      ...[offline.dice, live?.dice ?? 0, gap, sameFrame, live?.agreement ?? null, `${missed}+${extra}`],
    );
  }
  const masks = compared.flatMap(({ live }) => live ?? []);
  const [before, after] = [mean(compared.map(({ offline }) => offline.dice)), mean(compared.map(({ live }) => live?.dice ?? 0))];
  const sameFrame = masks.map(({ dice, offlineDice }) => dice - offlineDice);
  line('mean', '', '', before, after, after - before, mean(sameFrame), mean(masks.map(({ agreement }) => agreement)));
  const interval = (values: readonly number[]): string =>
    bootstrapInterval(values, seededRandom(1).uniform)
      .map((bound) => bound.toFixed(4))
      .join(' to ');
  const sameKey = compared.filter(({ offline, live }) => live?.keyFrame === offline.keyFrame).length;
  console.log(`
gap: Dice live less Dice offline; 95 % interval of its mean ${interval(compared.map(({ offline, live }) => (live?.dice ?? 0) - offline.dice))}
same frame: Dice live less that of the offline mask of the live key frame, what codec, repeats and image area cost; ${interval(sameFrame)}
agreement: Dice of those two masks with each other
same key frame in ${sameKey} of ${compared.length} runs: on a plateau of contrast, noise decides; a run without a final mask counts as Dice 0`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'live-dice-'));
  try {
    const ffmpeg = await findFfmpeg();
    const video = join(folder, 'suite.mkv');
    const recording = await recordSuite(video, { seed, patients, crf, ffmpeg: ffmpeg.path });
    const loaded = workerSegmenter({ folder: resolve('models/dsa-ltdnet'), provider: 'cpu', clock });
    await firstValueFrom(
      loaded.pipe(
        switchMap(async (segmenter) => {
          const { name, version } = segmenter.model;
          console.log(
            `${name} ${version}; suite of seed ${seed}; H.264 at crf ${crf}; ffmpeg ${ffmpeg.version}, Node ${process.version}\n`,
          );
          tell(await compareLive(video, recording, { segmenter, ffmpeg, clock }));
        }),
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
