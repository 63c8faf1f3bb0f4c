import type { StreamState } from '../event';
import type {
  FrameMessage,
  InvalidMessage,
  KeyFrameMessage,
  MaskMessage,
  RunMessage,
  Snapshot,
  StabilityMessage,
  StreamMessage,
} from './messages';
import { emptyRun, type RunFacts, updateRun, withKeyFrame } from './run-facts';

/**
 * What is true of a stream now. The server makes it from the messages that it sends, for a screen that joins late and
 * for `GET /api/v1/streams`; a screen makes it from those that it receives. `acquisitions`, `stability` and `keyframes`
 * are of `run`.
 */
export interface StreamSnapshot extends RunFacts {
  readonly state: StreamState;
  readonly reason: string;
  /** What happened, for people, where the reason is a word for programs. */
  readonly detail?: string | undefined;
  /** The id of the run that the monitor shows again. */
  readonly replayedRun?: string | undefined;
  /** The latest run; null before the first. */
  readonly run: string | null;
  readonly phase: 'started' | 'ended' | null;
  readonly startedAt: number | null;
  /** Null from the moment it is invalid. */
  readonly validMask: Snapshot['mask'];
  readonly latestFrame: Snapshot['frame'];
}

/** What a message says that changes the snapshot. */
export type SnapshotMessage =
  | StreamMessage
  | RunMessage
  | StabilityMessage
  | KeyFrameMessage
  | InvalidMessage
  | (Pick<MaskMessage, 'type' | 'run' | 'frame' | 'status' | 'capturedAt'> & { readonly seq: number })
  | Pick<FrameMessage, 'type' | 'run' | 'frame' | 'capturedAt'>
  | Snapshot;

/** Before anything is known of the stream. */
export const emptySnapshot: StreamSnapshot = {
  ...emptyRun,
  ...{ state: 'connecting', reason: '', run: null, phase: null, startedAt: null, validMask: null, latestFrame: null },
};

const STABILITY_KEPT = 200;

/** The snapshot after a message of its stream. */
export function updateSnapshot(now: StreamSnapshot, message: SnapshotMessage): StreamSnapshot {
  switch (message.type) {
    case 'stream':
      return { ...now, ...stateOf(message) };
    case 'run': {
      const { run, phase, acquisitions, startedAt } = message;
      const { stability, keyframes } = run === now.run ? now : emptyRun;
      return { ...now, run, phase, startedAt, acquisitions, stability, keyframes };
    }
    case 'stability':
    case 'keyframe':
      // What comes late of an earlier run does not tell of this one.
      return now.run !== null && message.run !== now.run ? now : { ...now, ...updateRun(now, message, STABILITY_KEPT) };
    case 'mask': {
      const { run, frame, status, capturedAt, seq } = message;
      return { ...now, validMask: { run, frame, status, capturedAt, seq } };
    }
    case 'invalid':
      return now.validMask?.run === message.run && now.validMask.frame === message.frame ? { ...now, validMask: null } : now;
    case 'frame': {
      const { run, frame, capturedAt } = message;
      return { ...now, latestFrame: { run, frame, capturedAt } };
    }
    case 'snapshot': {
      const { run, phase, startedAt, acquisitions, stability, keyframe, mask, frame } = message;
      const keyframes = keyframe ? withKeyFrame(now.keyframes, keyframe) : [];
      return {
        ...now,
        ...stateOf(message),
        run,
        phase,
        startedAt,
        acquisitions,
        stability,
        keyframes,
        validMask: mask,
        latestFrame: frame,
      };
    }
  }
}

const stateOf = ({
  state,
  reason,
  detail,
  replayedRun,
}: StreamMessage | Snapshot): Pick<StreamSnapshot, 'state' | 'reason' | 'detail' | 'replayedRun'> => ({
  ...{ state, reason, detail, replayedRun },
});

/** The snapshot as a message. `head`: the number of the newest message that it includes. */
export function toSnapshotMessage(
  { state, reason, detail, replayedRun, run, phase, acquisitions, startedAt, keyframes, validMask, latestFrame, stability }: StreamSnapshot,
  geometry: Pick<Snapshot, 'width' | 'height' | 'pixelAspect' | 'imageArea'>,
  head: number,
): Snapshot {
  const { width, height, pixelAspect, imageArea } = geometry;
  return {
    ...{ type: 'snapshot', head, state, reason, detail, replayedRun, width, height, pixelAspect, imageArea },
    ...{ run, phase, acquisitions, startedAt, keyframe: keyframes.at(-1) ?? null, mask: validMask, frame: latestFrame, stability },
  };
}
