import type { SourceEvent } from '../../src/acquire/source';
import type { ClassifiedFrame } from '../../src/acquisitions/classified-frame';
import { ANALYSIS_SIZE, type Acquisition, type AnalysisImage, type Frame, type Rect, type RunAcquisition } from '../../src/frame';
import type { StackedAcquisition } from '../../src/runs/temporal-stack';

export const WHOLE: Rect = { x: 0, y: 0, width: ANALYSIS_SIZE, height: ANALYSIS_SIZE };

const one = new Uint8Array(1);
const grey: AnalysisImage = new Uint8Array(new SharedArrayBuffer(1));

/** A frame of which only the time matters, unless more is given. */
export const frameAt = (capturedAt: number, rest: Partial<Frame> = {}): Frame => ({
  ...{ stream: 'test', index: capturedAt, capturedAt, width: ANALYSIS_SIZE, height: ANALYSIS_SIZE, pixels: one, imageArea: WHOLE },
  ...rest,
});

/** A frame that shows these pixels. */
export const showing = (capturedAt: number, pixels: Uint8Array, rest: Partial<Frame> = {}): SourceEvent => ({
  kind: 'frame',
  frame: frameAt(capturedAt, { pixels, ...rest }),
});

export const acquisitionAt = (capturedAt: number, rest: Partial<Frame> = {}, analysis: AnalysisImage = grey): Acquisition => ({
  frame: frameAt(capturedAt, rest),
  acquiredAt: capturedAt + 1,
  analysis,
});

export const uniqueAt = (capturedAt: number, rest: Partial<Frame> = {}): ClassifiedFrame => ({
  kind: 'unique',
  acquisition: acquisitionAt(capturedAt, rest),
  difference: 3,
});
export const repeatedAt = (capturedAt: number, alive = false): ClassifiedFrame => ({ kind: 'repeated', frame: frameAt(capturedAt), alive });
export const blankAt = (capturedAt: number): ClassifiedFrame => ({ kind: 'blank', frame: frameAt(capturedAt) });
export const lostAt = (at: number): ClassifiedFrame => ({ kind: 'lost', at, reason: 'ended', message: 'connection closed' });

/** The acquisition of that number, taken at 100 ms intervals unless a time is given. */
export const inRun = (number: number, { run = 'run-1', analysis = grey, at = 100 * number } = {}): RunAcquisition => ({
  ...acquisitionAt(at, {}, analysis),
  run,
  number,
});

export const stacked = (number: number, { run = 'run-1', analysis = grey, at = 100 * number } = {}): StackedAcquisition => ({
  ...inRun(number, { run, analysis, at }),
  stack: { images: [analysis], paddedFrames: 0 },
});
