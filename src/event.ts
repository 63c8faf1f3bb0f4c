import type { LossReason } from './acquire/source';
import type { Acquisition, ImageArea, Rect } from './frame';
import type { ModelIdentity, SegmentFailureReason } from './infer/segmenter';
import type { TumourMask } from './mask/tumour-mask';
import type { StackedAcquisition } from './runs/temporal-stack';

/**
 * connecting: nothing has arrived yet. live: new acquisitions arrive. held: pictures arrive, the image stands still (last image hold, idle).
 * frozen: the connection stands, but nothing moves, or no picture comes, or they come late. lost: the connection is gone. ended: a recording is over, or the stream was removed.
 */
export type StreamState = 'connecting' | 'live' | 'held' | 'frozen' | 'lost' | 'ended';

/** The reasons of a frozen stream whose pictures reach the server late, by their own times, and of one whose packets build on a key picture that was not among them. */
export const [PICTURES_LATE, NO_KEY_PICTURE] = ['pictures arrive late', 'no key picture yet'];

/** The reasons of a stream of which this machine cannot look at every picture, and of a held one whose monitor shows earlier images once more. */
export const [OVERLOADED, REPLAY] = ['overloaded', 'replay'];

/** stabilised: the evidence suffices. improved: a better frame turned up. final: the paper's rule over the finished run. */
export type KeyFrameStatus = 'stabilised' | 'improved' | 'final';

/** What became of one captured frame. */
export type Fate = 'unique' | 'repeated' | `dropped_${string}`;

/** Why a mask is history. */
export type InvalidReason = 'new-run' | 'scene-change' | 'source-lost' | 'superseded';

/** The steps a frame's time is measured over; the `stage` label. */
export type Stage = 'acquire' | 'detect' | 'queue' | 'infer' | 'encode' | 'push';

interface Said {
  readonly stream: string;
  /** When it became known; what a source or a picture tells, in the time of the source, which counts from the glass (Frame.capturedAt). */
  readonly at: number;
}

export interface StreamEvent extends Said {
  readonly kind: 'stream';
  readonly state: StreamState;
  /** A word of the contract, where one fits (LossWord), with what happened in `detail`; else a sentence for people, or nothing. */
  readonly reason: string;
  readonly detail?: string | undefined;
  /** The run that the monitor shows once more, where the reason is `replay` and it is known. */
  readonly replayedRun?: string | undefined;
}
/** The size of the captured picture, how wide a pixel is to its height, and what is known of the image area in it, each time one of them changes. */
export interface GeometryEvent extends Said {
  readonly kind: 'picture';
  readonly width: number;
  readonly height: number;
  readonly pixelAspect: number;
  readonly imageArea: Rect;
  /** It is given, or several exposures agree; else it is still looked for. */
  readonly settled: boolean;
  /** Where X-ray images were found: two, where there are two planes; none where the area is given, unless nothing moves in it while they do. */
  readonly planes: readonly Rect[];
  readonly hint: ImageArea['hint'];
}
/** How many captured frames and unique acquisitions a second; null while unknown. */
export interface RateEvent extends Said {
  readonly kind: 'rate';
  readonly captureRateHz: number | null;
  readonly acquisitionRateHz: number | null;
}
/** One picture for the screens, once per unique acquisition. Null: it belongs to no run. */
export interface FrameEvent extends Said {
  readonly kind: 'frame';
  readonly run: string | null;
  readonly frame: number | null;
  readonly acquisition: Acquisition;
}
/** A run begins with its second acquisition: one image is no run. */
export interface RunEvent extends Said {
  readonly kind: 'run';
  readonly run: string;
  readonly phase: 'started' | 'ended';
  readonly acquisitions: number;
  /** When the run's first acquisition was captured. */
  readonly startedAt: number;
}
/** Once per acquisition of a run, in mean grey levels per pixel of the analysis image. */
export interface StabilityEvent extends Said {
  readonly kind: 'stability';
  readonly run: string;
  readonly frame: number;
  /** D of this acquisition: the difference to the one before; 0 for a run's first. */
  readonly difference: number;
  /** The score this acquisition completes, which is that of `scoredFrame`; null until there are three. */
  readonly score: number | null;
  readonly scoredFrame: number | null;
  /** Mean darkening against the run's first images. */
  readonly opacification: number;
  /** The frame that would be the key frame if the image were stable now. */
  readonly candidate: number | null;
}
export interface KeyFrameEvent extends Said {
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
  /** When the frame that made the decision possible was captured: annotation delays count from here. */
  readonly decidedBy: number;
  /** Whether there is anything to see for the networks: only the `final` of a run without contrast agent is not assessed, and gets no mask. */
  readonly assessed: boolean;
  /** Why it is not assessed; null: it is. */
  readonly reason: string | null;
  /** The frame that the paper's rule chooses to the letter, where that is another one; null: it is this one, or the run is not over. */
  readonly ruleFrame: number | null;
  readonly acquisition: StackedAcquisition;
}
/** The times of a mask's way, as `mask.timing` tells it (docs/protocol.md). publishedAt is added where it is sent. */
export interface MaskTiming {
  /** Capture of the frame that made the decision possible. */
  readonly capturedAt: number;
  readonly acquiredAt: number;
  readonly detectedAt: number;
  readonly inferenceStartedAt: number;
  readonly inferenceEndedAt: number;
  /** The inference had begun before the decision. */
  readonly anticipated: boolean;
}
export interface MaskEvent extends Said {
  readonly kind: 'mask';
  readonly run: string;
  readonly frame: number;
  readonly status: KeyFrameStatus;
  /** Capture of the image the mask belongs to. */
  readonly capturedAt: number;
  readonly mask: TumourMask;
  readonly imageArea: Rect;
  /** With which sizes were turned into mm; null: unknown or void. */
  readonly pixelSpacingMm: number | null;
  /** Why the configured spacing does not hold; null: it does, or there is none. */
  readonly spacingVoid: string | null;
  readonly paddedFrames: number;
  readonly model: ModelIdentity;
  readonly provider: string;
  readonly timing: MaskTiming;
  readonly acquisition: Acquisition;
}
/** From now on the mask of this frame is history. */
export interface InvalidEvent extends Said {
  readonly kind: 'invalid';
  readonly run: string;
  readonly frame: number;
  readonly reason: InvalidReason;
}
export interface FateEvent extends Said {
  readonly kind: 'fate';
  readonly fate: Fate;
  readonly count: number;
}
export interface StageEvent extends Said {
  readonly kind: 'stage';
  readonly stage: Stage;
  readonly milliseconds: number;
}
/** hit: the mask was ready when its frame was declared. late: begun, not ready. wasted: its frame was never declared. */
export interface AnticipationEvent extends Said {
  readonly kind: 'anticipation';
  readonly outcome: 'hit' | 'wasted' | 'late';
}
export interface ReconnectEvent extends Said {
  readonly kind: 'reconnect';
  readonly reason: LossReason;
}
export interface FailureEvent extends Said {
  readonly kind: 'failure';
  /** The acquisition whose stack it was; it may be none that is declared. */
  readonly run: string;
  readonly frame: number;
  /** It was told before, and nothing was computed: the frame is declared now, and gets no mask. */
  readonly again: boolean;
  readonly reason: SegmentFailureReason;
  readonly message: string;
}

/** Everything the pipeline says, in the order in which it became known. */
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
