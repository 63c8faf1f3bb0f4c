import { map, pipe, type OperatorFunction } from 'rxjs';
import type { AnalysisImage, RunAcquisition } from '../frame';
import { rollingWindow } from './rolling-window';

/** Acquisitions up to and with one of them, oldest first, as many as the model takes. */
export interface TemporalStack {
  readonly images: readonly AnalysisImage[];
  /** How many of the oldest images are copies of the run's first, because the run had no earlier ones. */
  readonly paddedFrames: number;
}

/** An acquisition with those that led up to it. */
export interface StackedAcquisition extends RunAcquisition {
  readonly stack: TemporalStack;
}

/**
 * Each acquisition of a run with the images at `offsets` before it (paper section 2.2: −9 … 0). At the start of a run the first image stands in
 * for those that do not exist.
 *
 *    acquisitions  --a----b----c--|
 *    stacked       --aaa--aab--abc--|      (offsets −2, −1, 0; 2, 1 and 0 padded)
 */
export function temporalStack(offsets: readonly number[]): OperatorFunction<RunAcquisition, StackedAcquisition> {
  if (offsets.at(-1) !== 0 || offsets.some((offset, i) => !Number.isInteger(offset) || (i > 0 && offset <= (offsets[i - 1] as number)))) {
    throw new RangeError(`Expected rising whole offsets that end with 0, got ${offsets.join(', ')}`);
  }
  return pipe(
    rollingWindow<RunAcquisition>(1 - (offsets[0] as number), 1),
    map((window) => {
      const key = window.at(-1) as RunAcquisition;
      const first = window[0] as RunAcquisition;
      return {
        ...key,
        stack: {
          images: offsets.map((offset) => (window.at(offset - 1) ?? first).analysis),
          paddedFrames: offsets.filter((offset) => -offset >= window.length).length,
        },
      };
    }),
  );
}
