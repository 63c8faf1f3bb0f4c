import type { KeyFrameFacts, KeyFrameMessage, StabilityFacts, StabilityMessage } from './messages';

/** What the messages of a run say of it so far. */
export interface RunFacts {
  readonly acquisitions: number;
  /** Oldest first. */
  readonly stability: readonly StabilityFacts[];
  /** Each declaration once, oldest first; the last is the present key frame. */
  readonly keyframes: readonly KeyFrameFacts[];
}

export const emptyRun: RunFacts = { acquisitions: 0, stability: [], keyframes: [] };

const KEY_FRAMES_KEPT = 32;

/** The run after a message of it. `stabilityKept`: how many of the latest measurements are kept. */
export function updateRun(run: RunFacts, message: StabilityMessage | KeyFrameMessage, stabilityKept: number): RunFacts {
  switch (message.type) {
    case 'stability': {
      const stability = stabilityKept > 0 ? [...run.stability, stabilityFacts(message)].slice(-stabilityKept) : [];
      return { ...run, acquisitions: Math.max(run.acquisitions, message.frame + 1), stability };
    }
    case 'keyframe':
      return { ...run, keyframes: withKeyFrame(run.keyframes, message) };
  }
}

/** A snapshot repeats a declaration, which counts once. */
export function withKeyFrame(keyframes: readonly KeyFrameFacts[], one: KeyFrameFacts): readonly KeyFrameFacts[] {
  const others = keyframes.filter(({ run, frame, status }) => run === one.run && !(frame === one.frame && status === one.status));
  return [...others, keyFrameFacts(one)].slice(-KEY_FRAMES_KEPT);
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
