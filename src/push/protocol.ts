import type { InvalidReason, KeyFrameStatus, MaskTiming, StreamState } from '../event';
import type { Rect } from '../frame';
import type { ModelIdentity } from '../infer/segmenter';
import type { Lesion, Point } from '../mask/tumour-mask';
import type { StreamStatus } from '../measure/stream-status';

/** The WebSocket subprotocol; docs/protocol.md tells screen developers about it. */
export const PROTOCOL = 'angiocast.v1';

/** What a screen may subscribe to. `invalid` comes with `mask`. */
export const topics = ['mask', 'keyframe', 'run', 'stability', 'stream', 'frame'] as const;
export type Topic = (typeof topics)[number];

/** Without a wish: everything but the pictures. */
export const defaultTopics: readonly Topic[] = topics.filter((topic) => topic !== 'frame');

/** Every message carries this. Messages that belong to no stream (hello, clock, error) have seq 0 and stream null. */
export interface Envelope {
  readonly seq: number;
  readonly stream: string | null;
  readonly at: number;
}

export interface Hello {
  readonly type: 'hello';
  readonly protocol: typeof PROTOCOL;
  /** `angiocast/VERSION` */
  readonly server: string;
  /** Changes with every start of the server; seq counts anew with it. */
  readonly epoch: string;
  readonly streams: readonly StreamStatus[];
}
export interface KeyFrameFacts {
  readonly run: string;
  readonly frame: number;
  readonly status: KeyFrameStatus;
  readonly score: number;
  readonly lagFrames: number;
  readonly lagMs: number;
  readonly capturedAt: number;
}
export interface StabilityFacts {
  readonly run: string;
  readonly frame: number;
  readonly difference: number;
  readonly score: number | null;
  readonly scoredFrame: number | null;
  readonly opacification: number;
  readonly candidate: number | null;
}
/** The present state of a stream. `seq` is one less than that of the first message that follows to complete it; `head` is the newest told in it. */
export interface Snapshot {
  readonly type: 'snapshot';
  readonly head: number;
  readonly state: StreamState;
  readonly reason: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly imageArea: Rect | null;
  readonly run: string | null;
  readonly phase: 'started' | 'ended' | null;
  readonly acquisitions: number;
  readonly startedAt: number | null;
  readonly keyframe: KeyFrameFacts | null;
  /** The valid mask; its message follows to those who subscribed to `mask`. */
  readonly mask: {
    readonly run: string;
    readonly frame: number;
    readonly status: KeyFrameStatus;
    readonly capturedAt: number;
    readonly seq: number;
  } | null;
  /** The latest picture of the stream. */
  readonly frame: { readonly run: string | null; readonly frame: number | null; readonly capturedAt: number } | null;
  /** Of the run so far, oldest first. */
  readonly stability: readonly StabilityFacts[];
}
export interface StreamMessage {
  readonly type: 'stream';
  readonly state: StreamState;
  readonly reason: string;
}
export interface RunMessage {
  readonly type: 'run';
  readonly run: string;
  readonly phase: 'started' | 'ended';
  readonly acquisitions: number;
  readonly startedAt: number;
}
export interface StabilityMessage extends StabilityFacts {
  readonly type: 'stability';
}
export interface KeyFrameMessage extends KeyFrameFacts {
  readonly type: 'keyframe';
}
/** Binary; the payload is the mask's run lengths. */
export interface MaskMessage {
  readonly type: 'mask';
  readonly run: string;
  readonly frame: number;
  readonly status: KeyFrameStatus;
  readonly capturedAt: number;
  /** The mask's grid; it covers `imageArea`. */
  readonly width: number;
  readonly height: number;
  readonly encoding: 'rle';
  readonly threshold: number;
  /** In captured-picture pixels, as are all contours. */
  readonly imageArea: Rect;
  readonly lesions: readonly Lesion[];
  readonly liver: { readonly areaPx: number; readonly contours: readonly (readonly Point[])[] };
  readonly paddedFrames: number;
  readonly model: ModelIdentity;
  readonly provider: string;
  readonly timing: MaskTiming & { readonly publishedAt: number };
}
export interface InvalidMessage {
  readonly type: 'invalid';
  readonly run: string;
  readonly frame: number;
  readonly reason: InvalidReason;
}
/** Binary; the payload is the captured picture. */
export interface FrameMessage {
  readonly type: 'frame';
  readonly run: string | null;
  readonly frame: number | null;
  readonly capturedAt: number;
  readonly width: number;
  readonly height: number;
  readonly encoding: 'jpeg' | 'png';
  readonly repeated: false;
}
/** slow-client: it did not read fast enough. overflow: nor the important messages; a snapshot follows. encoder-behind: the picture was passed over. expired: too old to be sent again. */
export type LossCause = 'slow-client' | 'overflow' | 'superseded' | 'encoder-behind' | 'expired';
/** `count` messages of `topic`, the first with seq `from`, the last with seq `to`, were not sent. */
export interface LossMessage {
  readonly type: 'loss';
  readonly topic: Topic;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly reason: LossCause;
}
export interface ErrorMessage {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
}
export interface ClockMessage {
  readonly type: 'clock';
  readonly t0: number;
  readonly t1: number;
  readonly t2: number;
}

export type ServerMessage =
  | Hello
  | Snapshot
  | StreamMessage
  | RunMessage
  | StabilityMessage
  | KeyFrameMessage
  | MaskMessage
  | InvalidMessage
  | FrameMessage
  | LossMessage
  | ErrorMessage
  | ClockMessage;
