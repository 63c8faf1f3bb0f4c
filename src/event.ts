import type { LossReason } from './acquire/source';
import type { Acquisition, ImageArea, Rect } from './frame';
import type { ModelIdentity, SegmentFailureReason } from './infer/segmenter';
import type { TumourMask } from './mask/tumour-mask';
import type { StackedAcquisition } from './runs/temporal-stack';

/**
 * connecting: nothing has arrived yet. live: new acquisitions arrive. held: pictures arrive, but the image stands still
 * (last image hold, idle). frozen: connected, but nothing moves, or pictures are missing, damaged or late. lost: the
 * connection is gone. ended: the recording is over, or the stream was removed.
 */
export type StreamState = 'connecting' | 'live' | 'held' | 'frozen' | 'lost' | 'ended';

/** Reasons of a frozen stream: late by its own timestamps; packets refer to a key picture never received. */
export const [PICTURES_LATE, NO_KEY_PICTURE] = ['pictures arrive late', 'no key picture yet'];

/** Reasons: this machine cannot process every picture; a held monitor replays earlier images. */
export const [OVERLOADED, REPLAY] = ['overloaded', 'replay'];

/** stabilised: enough evidence. improved: a better frame appeared. final: the paper's rule over the finished run. */
export type KeyFrameStatus = 'stabilised' | 'improved' | 'final';

/** What became of a captured frame. */
export type Fate = 'unique' | 'repeated' | `dropped_${string}`;

export type InvalidReason = 'new-run' | 'scene-change' | 'source-lost' | 'superseded';

/** Values of the `stage` label. */
export type Stage = 'acquire' | 'detect' | 'queue' | 'infer' | 'encode' | 'push';

interface EventBase {
  readonly stream: string;
  /** When it became known; what a source or a picture shows is dated by its capture (Frame.capturedAt). */
  readonly at: number;
}

export interface StreamEvent extends EventBase {
  readonly kind: 'stream';
  readonly state: StreamState;
  /** A word for programs where one fits (LossWord), with the sentence in `detail`; else a sentence, or empty. */
  readonly reason: string;
  readonly detail?: string | undefined;
  /** The run being replayed, where the reason is `replay` and the run is known. */
  readonly replayedRun?: string | undefined;
}
/** Size and pixel shape of the captured picture and its image area, each time one of them changes. */
export interface GeometryEvent extends EventBase {
  readonly kind: 'picture';
  readonly width: number;
  readonly height: number;
  readonly pixelAspect: number;
  readonly imageArea: Rect;
  /** The image area was configured, or several exposures agree on it. */
  readonly settled: boolean;
  /** As ImageArea.planes. */
  readonly planes: readonly Rect[];
  readonly hint: ImageArea['hint'];
}
/** Captured frames and unique acquisitions per second; null while unknown. */
export interface RateEvent extends EventBase {
  readonly kind: 'rate';
  readonly captureRateHz: number | null;
  readonly acquisitionRateHz: number | null;
}
/** A picture for the screens, once per unique acquisition. Null: it belongs to no run. */
export interface FrameEvent extends EventBase {
  readonly kind: 'frame';
  readonly run: string | null;
  readonly frame: number | null;
  readonly acquisition: Acquisition;
}
/** A run starts with its second acquisition: one image is no run. */
export interface RunEvent extends EventBase {
  readonly kind: 'run';
  readonly run: string;
  readonly phase: 'started' | 'ended';
  readonly acquisitions: number;
  /** When the run's first acquisition was captured. */
  readonly startedAt: number;
}
/** Once per acquisition of a run, in mean grey levels per pixel of the analysis image. */
export interface StabilityEvent extends EventBase {
  readonly kind: 'stability';
  readonly run: string;
  readonly frame: number;
  /** D of this acquisition: its difference to the previous one; 0 for a run's first. */
  readonly difference: number;
  /** Score of `scoredFrame`, which this acquisition completes; null until there are three. */
  readonly score: number | null;
  readonly scoredFrame: number | null;
  /** Mean darkening against the run's first images. */
  readonly opacification: number;
  /** The key frame if the image were stable now. */
  readonly candidate: number | null;
}
export interface KeyFrameEvent extends EventBase {
  readonly kind: 'keyframe';
  readonly run: string;
  readonly frame: number;
  readonly status: KeyFrameStatus;
  readonly score: number;
  /** Acquisitions from the key frame to the one that decided. */
  readonly lagFrames: number;
  /** Capture of the key frame to capture of the frame that decided. */
  readonly lagMs: number;
  readonly capturedAt: number;
  /** Capture of the frame that made the decision possible: annotation delays start here. */
  readonly decidedBy: number;
  /** False only for the `final` of a run without contrast agent, which gets no mask. */
  readonly assessed: boolean;
  /** Why it is not assessed; null where it is. */
  readonly reason: string | null;
  /** The choice of the paper's literal rule, where it differs; null: the same, or the run is not over. */
  readonly ruleFrame: number | null;
  readonly acquisition: StackedAcquisition;
}
/** When each step of a mask happened: `mask.timing` (docs/protocol.md), without `publishedAt`. */
export interface MaskTiming {
  /** Capture of the frame that made the decision possible. */
  readonly capturedAt: number;
  readonly acquiredAt: number;
  readonly detectedAt: number;
  readonly inferenceStartedAt: number;
  readonly inferenceEndedAt: number;
  /** Inference had started before the decision. */
  readonly anticipated: boolean;
}
export interface MaskEvent extends EventBase {
  readonly kind: 'mask';
  readonly run: string;
  readonly frame: number;
  readonly status: KeyFrameStatus;
  /** Capture of the image the mask belongs to. */
  readonly capturedAt: number;
  readonly mask: TumourMask;
  readonly imageArea: Rect;
  /** Used to convert sizes to mm; null: unknown or void. */
  readonly pixelSpacingMm: number | null;
  /** Why the configured spacing is not used; null: it is, or there is none. */
  readonly spacingVoid: string | null;
  readonly paddedFrames: number;
  readonly model: ModelIdentity;
  readonly provider: string;
  readonly timing: MaskTiming;
  readonly acquisition: Acquisition;
}
/** The mask of this frame is no longer valid. */
export interface InvalidEvent extends EventBase {
  readonly kind: 'invalid';
  readonly run: string;
  readonly frame: number;
  readonly reason: InvalidReason;
}
export interface FateEvent extends EventBase {
  readonly kind: 'fate';
  readonly fate: Fate;
  readonly count: number;
}
export interface StageEvent extends EventBase {
  readonly kind: 'stage';
  readonly stage: Stage;
  readonly milliseconds: number;
}
/** hit: the mask was ready when its frame was declared. late: started, not ready. wasted: never declared. */
export interface AnticipationEvent extends EventBase {
  readonly kind: 'anticipation';
  readonly outcome: 'hit' | 'wasted' | 'late';
}
export interface ReconnectEvent extends EventBase {
  readonly kind: 'reconnect';
  readonly reason: LossReason;
}
export interface FailureEvent extends EventBase {
  readonly kind: 'failure';
  /** The key frame of the stack, declared or not. */
  readonly run: string;
  readonly frame: number;
  /** A failure already reported, repeated because its frame is declared now, without a mask. */
  readonly again: boolean;
  readonly reason: SegmentFailureReason;
  readonly message: string;
}

/** Everything the pipeline emits, in the order in which it became known. */
export type PipelineEvent =
  | StreamEvent
  | GeometryEvent
  | RateEvent
  | FrameEvent
  | RunEvent
  | StabilityEvent
  | KeyFrameEvent
  | MaskEvent
  | InvalidEvent
  | FateEvent
  | StageEvent
  | AnticipationEvent
  | ReconnectEvent
  | FailureEvent;
