import { connect, defer, EMPTY, merge, mergeMap, type Observable, type OperatorFunction, tap, using } from 'rxjs';
import { untilRemoved } from './acquire/source';
import type { ClassifiedFrame } from './acquisitions/classified-frame';
import type { Clock } from './core/clock';
import { mapMembers, rollingWindow } from './core/operators';
import { keyFrames, type SceneChange } from './detect/key-frames';
import { KEY_FRAME_WINDOW } from './detect/select-key-frame';
import type { PipelineEvent } from './event';
import type { RunAcquisition } from './frame';
import type { ModelLease } from './infer/model-slot';
import { segmentKeyFrames } from './infer/segment-key-frames';
import { invalidations } from './mask/invalidations';
import { PixelSpacing } from './mask/pixel-spacing';
import { tumourMasks } from './mask/tumour-masks';
import { announceRun } from './runs/announce-run';
import type { Run } from './runs/run';
import { runs } from './runs/runs';
import { streamEvents } from './runs/stream-events';
import { temporalStack } from './runs/temporal-stack';

/** One stream: its classified frames and what is known of its pictures. */
export interface StreamPorts {
  readonly id: string;
  /** From `uniqueAcquisitions`. */
  readonly frames: Observable<ClassifiedFrame>;
  /** Millimetres per row of captured pixels; null where unknown. */
  readonly pixelSpacingMm: number | null;
  /** Emits when the configuration was read again: a void spacing then applies to the pictures that follow. */
  readonly reloads?: Observable<unknown> | undefined;
  /** Whether to compute masks before their key frame is declared, unless the machine is overloaded. Default: true. */
  readonly anticipate?: boolean;
}

/** What every stream needs from outside. */
export interface Ports {
  /** Leases the model for one run. */
  readonly leaseModel: () => ModelLease;
  readonly clock: Clock;
  /** Id of a new run, unique for the life of the server. `count`: earlier runs since the source was opened. */
  readonly runName: (stream: string, count: number) => string;
}

/**
 * Frames from a capture card or RTSP → unique acquisitions → runs → a rolling 15-frame window → the key frame, as soon
 * as the image stabilises → the 10 frames up to it → DSA-LTDNet → a tumour mask, and when it ceases to be valid. Cold;
 * all state lives in the subscription. Each set of streams replaces the previous one; a stream (the same object) in
 * both goes on undisturbed.
 */
export const pipeline = (streams: Observable<readonly StreamPorts[]>, ports: Ports): Observable<PipelineEvent> =>
  streams.pipe(mapMembers((stream, removed) => stream.frames.pipe(untilRemoved(removed, ports.clock), toEvents(stream, ports))));

const toEvents =
  (
    { id, pixelSpacingMm, reloads = EMPTY, anticipate = true }: StreamPorts,
    { leaseModel, clock, runName }: Ports,
  ): OperatorFunction<ClassifiedFrame, PipelineEvent> =>
  (frames) =>
    defer(() => {
      const spacing = new PixelSpacing(pixelSpacingMm);
      let overloaded = false;
      const observe = (event: ClassifiedFrame): void => {
        if (event.kind === 'unique') spacing.observe(event.acquisition.frame);
        if (event.kind === 'overloaded') overloaded = true;
        if (event.kind === 'relieved' || event.kind === 'connecting') overloaded = false;
      };
      const masks =
        (run: Run): OperatorFunction<RunAcquisition, PipelineEvent | SceneChange> =>
        (acquisitions) =>
          using(leaseModel, (lease) => {
            const { segmenter } = lease as ModelLease;
            return acquisitions.pipe(
              temporalStack(segmenter.offsets),
              rollingWindow(KEY_FRAME_WINDOW, 1),
              keyFrames(run),
              segmentKeyFrames(segmenter, clock, () => anticipate && !overloaded),
              tumourMasks(segmenter, spacing),
            );
          });
      const observed = using(
        () => reloads.subscribe(() => spacing.confirm()),
        () => frames.pipe(tap(observe)),
      );
      return observed.pipe(
        runs(id, (count) => runName(id, count)),
        connect((events) =>
          merge(
            events.pipe(streamEvents(id)),
            events.pipe(mergeMap((event) => (event.kind === 'run' ? announceRun(event, clock, masks(event)) : EMPTY))),
          ),
        ),
        invalidations(id),
      );
    });
