import type { FrameEvent, KeyFrameEvent, MaskEvent, GeometryEvent, PipelineEvent, StreamState } from '../event';
import type { KeyFrameFacts, Snapshot, StabilityFacts } from './messages';

/** What is true of a stream now, as far as a screen can see it. */
export interface SnapshotState {
  readonly state: StreamState;
  readonly reason: string;
  readonly detail?: string | undefined;
  /** The id of the run that the monitor shows once more. */
  readonly replayedRun?: string | undefined;
  readonly picture: Pick<GeometryEvent, 'width' | 'height' | 'pixelAspect' | 'imageArea'> | null;
  readonly run: {
    readonly run: string;
    readonly phase: 'started' | 'ended';
    readonly acquisitions: number;
    readonly startedAt: number;
  } | null;
  /** Of this run. */
  readonly keyFrame: KeyFrameEvent | null;
  /** Only while it is valid. */
  readonly mask: MaskEvent | null;
  readonly frame: FrameEvent | null;
  /** Of this run, oldest first, the latest `STABILITY_KEPT`. */
  readonly stability: readonly StabilityFacts[];
}

const STABILITY_KEPT = 200;

export const emptySnapshot: SnapshotState = {
  state: 'connecting',
  reason: '',
  picture: null,
  run: null,
  keyFrame: null,
  mask: null,
  frame: null,
  stability: [],
};

/** The present after `event`. */
export function updateSnapshot(now: SnapshotState, event: PipelineEvent): SnapshotState {
  switch (event.kind) {
    case 'stream':
      return { ...now, state: event.state, reason: event.reason, detail: event.detail, replayedRun: event.replayedRun };
    case 'picture': {
      const { width, height, pixelAspect, imageArea } = event;
      return { ...now, picture: { width, height, pixelAspect, imageArea } };
    }
    case 'frame':
      return { ...now, frame: event };
    case 'run': {
      const { run, phase, acquisitions, startedAt } = event;
      const known = now.run?.run === run;
      return {
        ...now,
        run: { run, phase, acquisitions, startedAt },
        keyFrame: known ? now.keyFrame : null,
        stability: known ? now.stability : now.stability.filter((said) => said.run === run),
      };
    }
    case 'stability':
      return {
        ...now,
        run: now.run?.run === event.run ? { ...now.run, acquisitions: Math.max(now.run.acquisitions, event.frame + 1) } : now.run,
        stability: [...now.stability.filter((said) => said.run === event.run), stabilityFacts(event)].slice(-STABILITY_KEPT),
      };
    case 'keyframe':
      return { ...now, keyFrame: event };
    case 'mask':
      return { ...now, mask: event };
    case 'invalid':
      return now.mask?.run === event.run && now.mask.frame === event.frame ? { ...now, mask: null } : now;
    case 'rate':
    case 'fate':
    case 'stage':
    case 'anticipation':
    case 'reconnect':
    case 'failure':
      return now;
  }
}

export function stabilityFacts({ run, frame, difference, score, scoredFrame, opacification, candidate }: StabilityFacts): StabilityFacts {
  return { run, frame, difference, score, scoredFrame, opacification, candidate };
}

export const keyFrameFacts = ({
  run,
  frame,
  status,
  score,
  lagFrames,
  lagMs,
  capturedAt,
  assessed,
  reason,
  ruleFrame,
}: KeyFrameFacts): KeyFrameFacts => ({
  ...{ run, frame, status, score, lagFrames, lagMs, capturedAt, assessed, reason, ruleFrame },
});

/** The present as a message. `maskSeq`: under which number the valid mask was sent. */
export function snapshot(now: SnapshotState, head: number, maskSeq: number): Snapshot {
  const { run, keyFrame, mask, frame, picture } = now;
  return {
    type: 'snapshot',
    head,
    state: now.state,
    reason: now.reason,
    detail: now.detail,
    replayedRun: now.replayedRun,
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    pixelAspect: picture?.pixelAspect ?? null,
    imageArea: picture?.imageArea ?? null,
    run: run?.run ?? null,
    phase: run?.phase ?? null,
    acquisitions: run?.acquisitions ?? 0,
    startedAt: run?.startedAt ?? null,
    keyframe: keyFrame && keyFrameFacts(keyFrame),
    mask: mask && { run: mask.run, frame: mask.frame, status: mask.status, capturedAt: mask.capturedAt, seq: maskSeq },
    frame: frame && { run: frame.run, frame: frame.frame, capturedAt: frame.acquisition.frame.capturedAt },
    stability: now.stability,
  };
}
