import { seededRandom } from '../random';
import { monitorPicture } from './monitor';
import { phantomRun } from './phantom-run';

/** A picture, and how long the monitor shows it. */
export interface ShownPicture {
  readonly kind: 'idle' | 'acquisition' | 'hold';
  /** Counts the patients of the suite from 0. */
  readonly patient: number;
  /** Index in the run; of the last acquisition while it is held. */
  readonly acquisition: number | null;
  readonly pixels: Uint8Array;
  readonly seconds: number;
}

export interface SuiteOptions {
  readonly seed: number;
  /** Acquisitions per second; by default drawn for each patient. */
  readonly rateHz?: number;
  /** How long the monitor is dark before each run; by default 2 s. */
  readonly idleSeconds?: number;
}

/**
 * The first seed of the suite's patients, far from those that models are trained on (models/dsa-ltdnet/MODEL_CARD.md).
 */
export const SUITE_SEEDS = 7_760_000;

/** An endless day in the angiography suite: dark monitor, run, last image hold, next patient. */
export function* phantomSuite({ seed, rateHz, idleSeconds = 2 }: SuiteOptions): Generator<ShownPicture, never> {
  const random = seededRandom(seed).fork('suite');
  for (let patient = 0; ; patient++) {
    const name = `PHANTOM ${String(patient + 1).padStart(4, '0')}`;
    yield {
      kind: 'idle',
      patient,
      acquisition: null,
      pixels: monitorPicture(null, { patient: name, state: 'READY', lines: [] }),
      seconds: idleSeconds,
    };
    const run = phantomRun(SUITE_SEEDS + seed * 1000 + patient, rateHz === undefined ? {} : { rateHz });
    const about = [`LIVER ${run.patient.injection}`, `${run.acquisitionRateHz} IMAGES/S`];
    let last = new Uint8Array(0);
    for (let acquisition = 0; acquisition < run.acquisitions; acquisition++) {
      last = run.imageAt(acquisition);
      const text = { patient: name, state: 'X-RAY', lines: [...about, `IMAGE ${acquisition + 1}`] };
      yield { kind: 'acquisition', patient, acquisition, pixels: monitorPicture(last, text), seconds: 1 / run.acquisitionRateHz };
    }
    yield {
      kind: 'hold',
      patient,
      acquisition: run.acquisitions - 1,
      pixels: monitorPicture(last, { patient: name, state: 'LAST IMAGE', lines: [...about, `IMAGE ${run.acquisitions}`] }),
      seconds: random.between(3, 6),
    };
  }
}
