import { map, pipe, type OperatorFunction } from 'rxjs';
import { rollingWindow } from '../core/operators';
import type { AnalysisImage, RunAcquisition } from '../frame';

/** The model's input for one acquisition: it and earlier ones, oldest first. */
export interface TemporalStack {
  readonly images: readonly AnalysisImage[];
  /** How many of the oldest are copies of the run's first, for want of earlier ones. */
  readonly paddedFrames: number;
}

export interface StackedAcquisition extends RunAcquisition {
  readonly stack: TemporalStack;
}

/** The images of a run at `offsets` from `key`; the first image stands in for those before the run. */
export function stackAt(run: readonly AnalysisImage[], key: number, offsets: readonly number[]): TemporalStack {
  return {
    images: offsets.map((offset) => run[Math.max(0, key + offset)] as AnalysisImage),
    paddedFrames: offsets.filter((offset) => key + offset < 0).length,
  };
}

/**
 * Each acquisition of a run with the images at `offsets` from it (paper section 2.2: −9 … 0). The first image stands in
 * for those before the run.
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
      const images = window.map(({ analysis }) => analysis);
      return { ...(window.at(-1) as RunAcquisition), stack: stackAt(images, images.length - 1, offsets) };
    }),
  );
}
