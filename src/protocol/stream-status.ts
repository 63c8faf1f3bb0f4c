import type { FailureEvent, PipelineEvent, StreamState } from '../event';
import type { Rect } from '../frame';
import type { ModelIdentity } from '../infer/segmenter';
import { emptyLedger, entered, type Ledger } from '../measure/ledger';

/** One row of `GET /api/v1/streams` and of `hello.streams`. */
export interface StreamStatus {
  readonly id: string;
  readonly name: string;
  readonly state: StreamState;
  readonly reason: string;
  /** What happened, for people, where the reason is a word for programs. */
  readonly detail?: string | undefined;
  /** The id of the run that the monitor shows once more; absent: none, or one that is not known any more. */
  readonly replayedRun?: string | undefined;
  /** Of the captured picture; null until one arrived. */
  readonly width: number | null;
  readonly height: number | null;
  /** Width of a captured pixel over its height. */
  readonly pixelAspect: number | null;
  readonly imageArea: Rect | null;
  /** Whether the image area is given, or several exposures agree on it; null until a picture arrived. */
  readonly imageAreaSettled: boolean | null;
  /** Where X-ray images were found, the larger first: two, where there are two planes. Empty where the area is given, unless nothing moves in it while they do. */
  readonly planes: readonly Rect[];
  /** What somebody should know or decide about the image area, in words; null: nothing. Servers of before 1.1 do not tell. */
  readonly imageAreaHint?: string | null | undefined;
  readonly acquisitionRateHz: number | null;
  readonly captureRateHz: number | null;
  readonly provider: string | null;
  readonly model: ModelIdentity | null;
  /** The id of the latest run; null before the first. */
  readonly run: string | null;
  /** What became of the captured frames. */
  readonly frames: Ledger;
  /** The latest inference that failed; null: none did. */
  readonly lastFailure: LastFailure | null;
}

/** An inference that failed: of which acquisition, why, when, and how many have failed by then. */
export interface LastFailure extends Pick<FailureEvent, 'run' | 'frame' | 'reason' | 'message' | 'at'> {
  readonly count: number;
}

export function initialStatus(id: string, name: string): StreamStatus {
  return {
    id,
    name,
    state: 'connecting',
    reason: '',
    width: null,
    height: null,
    pixelAspect: null,
    imageArea: null,
    imageAreaSettled: null,
    planes: [],
    imageAreaHint: null,
    acquisitionRateHz: null,
    captureRateHz: null,
    provider: null,
    model: null,
    run: null,
    frames: emptyLedger,
    lastFailure: null,
  };
}

/** The row after `event`, which must be of the same stream. Returns the same object when nothing in it changed. */
export function streamStatus(row: StreamStatus, event: PipelineEvent): StreamStatus {
  switch (event.kind) {
    case 'stream':
      return { ...row, state: event.state, reason: event.reason, detail: event.detail, replayedRun: event.replayedRun };
    case 'picture':
      return {
        ...row,
        ...{ width: event.width, height: event.height, pixelAspect: event.pixelAspect },
        ...{ imageArea: event.imageArea, imageAreaSettled: event.settled, planes: event.planes, imageAreaHint: event.hint },
      };
    case 'rate':
      return { ...row, acquisitionRateHz: event.acquisitionRateHz, captureRateHz: event.captureRateHz };
    case 'run':
      return { ...row, run: event.run };
    case 'mask':
      return { ...row, provider: event.provider, model: event.model };
    case 'fate':
      return { ...row, frames: entered(row.frames, event.fate, event.count) };
    case 'failure': {
      const { run, frame, reason, message, at, again } = event;
      return { ...row, lastFailure: { run, frame, reason, message, at, count: (row.lastFailure?.count ?? 0) + (again ? 0 : 1) } };
    }
    case 'frame':
    case 'stability':
    case 'keyframe':
    case 'invalid':
    case 'stage':
    case 'anticipation':
    case 'reconnect':
      return row;
  }
}
