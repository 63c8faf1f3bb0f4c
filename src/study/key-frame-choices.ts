import { from, lastValueFrom, Subject, tap, toArray } from 'rxjs';
import { rollingWindow } from '../core/operators';
import { keyFrames } from '../detect/key-frames';
import { KEY_FRAME_WINDOW, selectKeyFrame } from '../detect/select-key-frame';
import type { AnalysisImage, RunAcquisition } from '../frame';
import type { Run, RunEnd } from '../runs/run';
import { temporalStack } from '../runs/temporal-stack';

/**
 * rule: the paper's rule. stabilised: the first key frame announced during the run. final: the one announced at its
 * end.
 */
export const CHOOSERS = ['rule', 'stabilised', 'final'] as const;
export type Chooser = (typeof CHOOSERS)[number];

/** The index of the acquisition that each takes for the key frame. */
export interface KeyFrameChoices {
  readonly rule: number;
  /** Null: nothing stabilised. */
  readonly stabilised: number | null;
  /** Null: not assessed, for want of contrast agent. */
  readonly final: number | null;
}

/**
 * The key frames of a recording that is one run, by the paper's rule and by the operators that serve a live run.
 * `seconds` dates the acquisitions. Null for fewer than three acquisitions.
 */
export async function keyFrameChoices(images: readonly AnalysisImage[], seconds: readonly number[]): Promise<KeyFrameChoices | null> {
  const rule = selectKeyFrame(images);
  if (!rule) return null;
  const acquisitions = images.map((analysis, number) => toRunAcquisition(analysis, number, 1000 * (seconds[number] as number)));
  const at = acquisitions.at(-1)?.acquiredAt ?? 0;
  const end = new Subject<RunEnd>();
  const run: Run = {
    ...{ kind: 'run', stream: STREAM, id: STREAM, startedAt: acquisitions[0]?.acquiredAt ?? 0, knownAt: at, opening: images.length },
    ...{ acquisitions: from(acquisitions), end },
  };
  const found = await lastValueFrom(
    run.acquisitions.pipe(
      tap({ complete: () => end.next({ at, reason: 'ended', acquisitions: images.length }) }),
      temporalStack([0]),
      rollingWindow(KEY_FRAME_WINDOW, 1),
      keyFrames(run),
      toArray(),
    ),
  );
  const declared = found.filter((finding) => finding.kind === 'keyframe');
  return {
    rule: rule.index,
    stabilised: declared.find(({ status }) => status === 'stabilised')?.frame ?? null,
    final: declared.find(({ status, assessed }) => status === 'final' && assessed)?.frame ?? null,
  };
}

const STREAM = 'recording';

/** Without its picture, which no choice looks at. */
const toRunAcquisition = (analysis: AnalysisImage, number: number, capturedAt: number): RunAcquisition => ({
  ...{ run: STREAM, number, analysis, acquiredAt: capturedAt },
  frame: {
    ...{ stream: STREAM, index: number, capturedAt, width: 0, height: 0, pixels: new Uint8Array(0) },
    imageArea: { x: 0, y: 0, width: 0, height: 0 },
  },
});
