import { ANALYSIS_SIZE } from '../../src/frame';
import type { TumourMask } from '../../src/mask/tumour-mask';
import { toTumourMask } from '../../src/mask/tumour-masks';
import { MONITOR_HEIGHT, MONITOR_IMAGE_AREA, MONITOR_WIDTH, monitorPicture } from '../../src/phantom/feed/monitor';
import { phantomRun } from '../../src/phantom/feed/phantom-run';
import { Script } from '../push/scripted';

/** A simulated patient for a script: what the monitor shows, and the true mask. */
export interface SimulatedPatient {
  /** A script of that stream whose pictures are this patient's. */
  script(stream: string): Script;
  /** The true tumours of an acquisition, as a model without fault would send them. */
  trueMask(acquisition: number): TumourMask;
}

/** Renders each acquisition once, on demand; to save time, only each `every`-th, in place of those up to the next. */
export function simulatedPatient(seed: number, every = 1): SimulatedPatient {
  const run = phantomRun(seed);
  const grid = phantomRun(seed, { width: ANALYSIS_SIZE, height: ANALYSIS_SIZE });
  const rendered = new Map<number, Uint8Array>();
  const standIn = (acquisition: number): number => acquisition - (acquisition % every);
  const monitor = (shown: number): Uint8Array => {
    const acquisition = standIn(shown);
    const known = rendered.get(acquisition);
    if (known) return known;
    const text = { patient: `PHANTOM ${seed}`, state: 'X-RAY', lines: [`IMAGE ${acquisition + 1}`] };
    const made = monitorPicture(run.imageAt(acquisition), text);
    rendered.set(acquisition, made);
    return made;
  };
  return {
    script: (stream) =>
      new Script(stream, Date.now, MONITOR_WIDTH, MONITOR_HEIGHT, MONITOR_IMAGE_AREA, (_w, _h, _area, _index, frame) =>
        monitor(frame ?? 0),
      ),
    trueMask: (acquisition) =>
      toTumourMask(
        {
          width: ANALYSIS_SIZE,
          height: ANALYSIS_SIZE,
          tumour: Float32Array.from(grid.tumourMaskAt(standIn(acquisition))),
          liver: Float32Array.from(grid.liverMaskAt(standIn(acquisition))),
          difference: new Float32Array(0),
          startedAt: 0,
          endedAt: 0,
        },
        { thresholds: { tumour: 0.5, liver: 0.5 }, imageArea: MONITOR_IMAGE_AREA, pixelSpacingMm: 0.3 },
      ),
  };
}
