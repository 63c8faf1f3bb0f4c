import { connect, filter, merge, mergeMap, pipe, type Observable, type OperatorFunction } from 'rxjs';
import type { Clock, Source, SourceEvent } from './acquire/source';
import { announceRun } from './buffer/announce-run';
import { asides } from './buffer/asides';
import { fates } from './buffer/fates';
import { pictures } from './buffer/pictures';
import { rates } from './buffer/rates';
import { rollingWindow } from './buffer/rolling-window';
import type { Run } from './buffer/run';
import { runs } from './buffer/runs';
import type { Seen } from './buffer/sighting';
import { streamStates } from './buffer/stream-states';
import { temporalStack } from './buffer/temporal-stack';
import { uniqueAcquisitions } from './buffer/unique-acquisitions';
import { keyFrames, type SceneChange } from './detect/key-frames';
import { KEY_FRAME_WINDOW } from './detect/select-key-frame';
import type { PipelineEvent } from './event';
import type { RunAcquisition } from './frame';
import { segmentKeyFrames } from './infer/segment-key-frames';
import type { Segmenter } from './infer/segmenter';
import { invalidations } from './mask/invalidations';
import { tumourMasks } from './mask/tumour-masks';

/** One stream and what its pictures mean. */
export interface StreamPorts {
  readonly id: string;
  readonly source: Source;
  /** Millimetres per captured pixel; null where unknown. */
  readonly pixelSpacingMm: number | null;
}

/** What every stream needs of the world. */
export interface Ports {
  readonly segmenter: Segmenter;
  readonly clock: Clock;
  /** Names a stream's run, counted from 0; unique for the life of the server. */
  readonly runName: (stream: string, count: number) => string;
}

/**
 * Frames from a capture card or RTSP → unique acquisitions → runs → a rolling 15-frame window → the key frame, as soon as the image stabilises → the
 * 10 frames up to it → DSA-LTDNet on the GPU → a tumour mask, and word when a mask has become history. Cold; holds all state in its subscription.
 */
export const pipeline = (streams: readonly StreamPorts[], ports: Ports): Observable<PipelineEvent> =>
  merge(...streams.map((stream) => stream.source.pipe(toEvents(stream, ports))));

const toEvents = (
  { id, pixelSpacingMm }: StreamPorts,
  { segmenter, clock, runName }: Ports,
): OperatorFunction<SourceEvent, PipelineEvent> => {
  const masks = (run: Run): OperatorFunction<RunAcquisition, PipelineEvent | SceneChange> =>
    pipe(
      temporalStack(segmenter.offsets),
      rollingWindow(KEY_FRAME_WINDOW, 1),
      keyFrames(run),
      segmentKeyFrames(segmenter, clock),
      tumourMasks(segmenter, pixelSpacingMm),
    );
  return pipe(
    uniqueAcquisitions(clock),
    runs(id, (count) => runName(id, count)),
    connect((seen) =>
      merge(
        seen.pipe(streamStates(id)),
        seen.pipe(pictures(id)),
        seen.pipe(rates(id)),
        seen.pipe(fates(id)),
        seen.pipe(asides(id)),
        seen.pipe(
          filter(isRun),
          mergeMap((run) => announceRun(run, clock, masks(run))),
        ),
      ),
    ),
    invalidations(id),
  );
};

const isRun = (seen: Seen): seen is Run => seen.kind === 'run';
