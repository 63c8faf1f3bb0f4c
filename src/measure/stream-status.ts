import type { PipelineEvent, StreamState } from '../event';
import type { Rect } from '../frame';
import type { ModelIdentity } from '../infer/segmenter';
import { emptyLedger, entered, type Ledger } from './ledger';

/** One row of `GET /api/v1/streams` and of `hello.streams`. */
export interface StreamStatus {
  readonly id: string;
  readonly name: string;
  readonly state: StreamState;
  readonly reason: string;
  /** Of the captured picture; null until one arrived. */
  readonly width: number | null;
  readonly height: number | null;
  /** Width of a captured pixel over its height. */
  readonly pixelAspect: number | null;
  readonly imageArea: Rect | null;
  readonly acquisitionRateHz: number | null;
  readonly captureRateHz: number | null;
  readonly provider: string | null;
  readonly model: ModelIdentity | null;
  /** The id of the latest run; null before the first. */
  readonly run: string | null;
  /** What became of the captured frames. */
  readonly frames: Ledger;
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
    acquisitionRateHz: null,
    captureRateHz: null,
    provider: null,
    model: null,
    run: null,
    frames: emptyLedger,
  };
}

/** The row after `event`, which must be of the same stream. Returns the same object when nothing in it changed. */
export function streamStatus(row: StreamStatus, event: PipelineEvent): StreamStatus {
  switch (event.kind) {
    case 'stream':
      return { ...row, state: event.state, reason: event.reason };
    case 'picture':
      return { ...row, width: event.width, height: event.height, pixelAspect: event.pixelAspect, imageArea: event.imageArea };
    case 'rate':
      return { ...row, acquisitionRateHz: event.acquisitionRateHz, captureRateHz: event.captureRateHz };
    case 'run':
      return { ...row, run: event.run };
    case 'mask':
      return { ...row, provider: event.provider, model: event.model };
    case 'fate':
      return { ...row, frames: entered(row.frames, event.fate, event.count) };
    case 'frame':
    case 'stability':
    case 'keyframe':
    case 'invalid':
    case 'stage':
    case 'anticipation':
    case 'reconnect':
    case 'failure':
      return row;
  }
}
