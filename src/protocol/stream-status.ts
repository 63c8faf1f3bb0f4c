import type { FailureEvent, PipelineEvent } from '../event';
import type { Rect } from '../frame';
import type { ModelIdentity } from '../infer/segmenter';
import { emptyLedger, addFates, type Ledger } from '../measure/ledger';
import { emptySnapshot, type StreamSnapshot } from './stream-snapshot';

/** One row of `GET /api/v1/streams` and of `hello.streams`. */
export interface StreamStatus extends FeedStatus, Pick<StreamSnapshot, 'state' | 'reason' | 'detail' | 'replayedRun' | 'run'> {
  readonly id: string;
  readonly name: string;
}

/** What no message tells of a stream: the picture's geometry, rates, fates, and what computes its masks. */
export interface FeedStatus {
  /** Of the captured picture; null until one arrived. */
  readonly width: number | null;
  readonly height: number | null;
  /** Width of a captured pixel over its height. */
  readonly pixelAspect: number | null;
  readonly imageArea: Rect | null;
  /** Whether the image area is given, or several exposures agree on it; null until a picture arrived. */
  readonly imageAreaSettled: boolean | null;
  /**
   * Where X-ray images were found, the larger first: two, where there are two planes. Empty where the area is given,
   * unless nothing moves in it while they do.
   */
  readonly planes: readonly Rect[];
  /** What somebody should know or decide about the image area; null: nothing. Servers before 1.1 do not tell. */
  readonly imageAreaHint?: string | null | undefined;
  readonly acquisitionRateHz: number | null;
  readonly captureRateHz: number | null;
  readonly provider: string | null;
  readonly model: ModelIdentity | null;
  /** What became of the captured frames. */
  readonly frames: Ledger;
  /** The latest inference that failed; null: none did. */
  readonly lastFailure: LastFailure | null;
}

/** An inference that failed: of which acquisition, why, when, and how many have failed by then. */
export interface LastFailure extends Pick<FailureEvent, 'run' | 'frame' | 'reason' | 'message' | 'at'> {
  readonly count: number;
}

/** Of a feed of which nothing came yet. */
export const emptyFeed: FeedStatus = {
  ...{ width: null, height: null, pixelAspect: null, imageArea: null, imageAreaSettled: null, planes: [], imageAreaHint: null },
  ...{ acquisitionRateHz: null, captureRateHz: null, provider: null, model: null, frames: emptyLedger, lastFailure: null },
};

/** The feed after an event of its stream. Returns the same object when nothing in it changed. */
export function updateFeed(feed: FeedStatus, event: PipelineEvent): FeedStatus {
  switch (event.kind) {
    case 'picture': {
      const { width, height, pixelAspect, imageArea, settled: imageAreaSettled, planes, hint: imageAreaHint } = event;
      return { ...feed, width, height, pixelAspect, imageArea, imageAreaSettled, planes, imageAreaHint };
    }
    case 'rate':
      return { ...feed, acquisitionRateHz: event.acquisitionRateHz, captureRateHz: event.captureRateHz };
    case 'mask':
      return { ...feed, provider: event.provider, model: event.model };
    case 'fate':
      return { ...feed, frames: addFates(feed.frames, event.fate, event.count) };
    case 'failure': {
      const { run, frame, reason, message, at, again } = event;
      return { ...feed, lastFailure: { run, frame, reason, message, at, count: (feed.lastFailure?.count ?? 0) + (again ? 0 : 1) } };
    }
    case 'stream':
    case 'run':
    case 'frame':
    case 'stability':
    case 'keyframe':
    case 'invalid':
    case 'stage':
    case 'anticipation':
    case 'reconnect':
      return feed;
  }
}

/** The row of a stream; of a new one, unless its snapshot and feed are given. */
export function toStatus(id: string, name: string, snapshot: StreamSnapshot = emptySnapshot, feed: FeedStatus = emptyFeed): StreamStatus {
  const { state, reason, detail, replayedRun, run } = snapshot;
  return { id, name, state, reason, detail, replayedRun, ...feed, run };
}
