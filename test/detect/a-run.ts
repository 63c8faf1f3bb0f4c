import { Subject } from 'rxjs';
import { rollingWindow } from '../../src/core/operators';
import { keyFrames, type Finding } from '../../src/detect/key-frames';
import { KEY_FRAME_WINDOW } from '../../src/detect/select-key-frame';
import type { AnalysisImage, RunAcquisition } from '../../src/frame';
import type { Run, RunEnd } from '../../src/runs/run';
import type { StackedAcquisition } from '../../src/runs/temporal-stack';
import { stacked } from '../support/frames';
import { exposure, toAnalysis } from '../support/grey';

export const aRun = (end: Run['end']): Run => ({
  ...{ kind: 'run', stream: 'test', id: 'run-1', startedAt: 0, knownAt: 100, opening: 2, acquisitions: new Subject<RunAcquisition>() },
  end,
});

/** The findings at each acquisition and at the end. Acquisitions are 100 ms apart; the run ends 1 s after the last. */
export function watched(images: readonly AnalysisImage[]): {
  readonly at: readonly (readonly Finding[])[];
  readonly end: readonly Finding[];
} {
  const end = new Subject<RunEnd>();
  const acquisitions = new Subject<StackedAcquisition>();
  let said: Finding[] = [];
  acquisitions.pipe(rollingWindow(KEY_FRAME_WINDOW, 1), keyFrames(aRun(end))).subscribe((finding) => said.push(finding));
  const take = (): Finding[] => {
    const all = said;
    said = [];
    return all;
  };
  const at = images.map((analysis, number) => {
    acquisitions.next(stacked(number, { analysis }));
    return take();
  });
  end.next({ at: 100 * images.length + 900, reason: 'held', acquisitions: images.length });
  return { at, end: take() };
}

const exposures = new Map<string, AnalysisImage>();

/** An exposure with this much contrast agent in the middle; made once. */
export function shot(seed: number, contrast: number, level = 150): AnalysisImage {
  const key = `${seed} ${contrast} ${level}`;
  const made = exposures.get(key) ?? toAnalysis(exposure(seed, { contrast, level }));
  exposures.set(key, made);
  return made;
}

/** Four images before the contrast, wash-in, and a plateau: fresh noise on each. */
export const washIn = (plateau: number): AnalysisImage[] =>
  [0, 0, 0, 0, 4, 12, 20, 27, 30, ...Array.from({ length: plateau }, () => 30)].map((contrast, i) => shot(i, contrast));
