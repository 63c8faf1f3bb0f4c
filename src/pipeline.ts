import {
  connect,
  defer,
  EMPTY,
  filter,
  finalize,
  merge,
  mergeMap,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
  tap,
  using,
} from 'rxjs';
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
import { rates } from './runs/rates';
import type { Run, FrameOrRun } from './runs/run';
import { runs } from './runs/runs';
import { withStillArea } from './runs/still-area';
import { streamEvents } from './runs/stream-events';
import { streamStates } from './runs/stream-states';
import { temporalStack } from './runs/temporal-stack';

/** One stream and what its pictures mean. */
export interface StreamPorts {
  readonly id: string;
  /** What its captured frames turn out to be (uniqueAcquisitions). */
  readonly sightings: Observable<ClassifiedFrame>;
  /** Millimetres per row of captured pixels; null where unknown. */
  readonly pixelSpacingMm: number | null;
  /** Emits when the configuration was read again, and with it the spacing: one that was void holds for what is seen then. */
  readonly confirmed?: Observable<unknown> | undefined;
  /** Whether masks are computed ahead of their declaration, as long as the machine is not overloaded; so unless said. */
  readonly anticipate?: boolean;
}

/** What every stream needs of the world. */
export interface Ports {
  /** The model for a run that begins; given back when the run is over. */
  readonly leaseModel: () => ModelLease;
  readonly clock: Clock;
  /** Names a stream's run, counted from 0 since its source was opened; unique for the life of the server. */
  readonly runName: (stream: string, count: number) => string;
}

/**
 * Frames from a capture card or RTSP → unique acquisitions → runs → a rolling 15-frame window → the key frame, as soon as the image stabilises → the
 * 10 frames up to it → DSA-LTDNet on the GPU → a tumour mask, and word when a mask has become history. Cold; holds all state in its subscription.
 * Each set of streams replaces the one before; a stream that is in both (the same object) notices nothing.
 */
export const pipeline = (streams: Observable<readonly StreamPorts[]>, ports: Ports): Observable<PipelineEvent> =>
  streams.pipe(mapMembers((stream, gone) => stream.sightings.pipe(untilRemoved(gone, ports.clock), toEvents(stream, ports))));

const toEvents =
  (
    { id, pixelSpacingMm, confirmed = EMPTY, anticipate = true }: StreamPorts,
    { leaseModel, clock, runName }: Ports,
  ): OperatorFunction<ClassifiedFrame, PipelineEvent> =>
  (sightings) =>
    defer(() => {
      let overloaded = false;
      const spacing = new PixelSpacing(pixelSpacingMm);
      const watchLoad = ({ kind }: ClassifiedFrame): void => {
        if (kind === 'overloaded') overloaded = true;
        if (kind === 'relieved' || kind === 'connecting') overloaded = false;
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
      return sightings.pipe(
        tap(watchLoad),
        tap((sighting) => sighting.kind === 'unique' && spacing.observe(sighting.acquisition.frame)),
        passively(confirmed, () => spacing.confirm()),
        runs(id, (count) => runName(id, count)),
        connect((seen) =>
          merge(
            seen.pipe(withStillArea(streamStates(id))),
            seen.pipe(streamEvents(id)),
            seen.pipe(rates(id)),
            seen.pipe(
              filter(isRun),
              mergeMap((run) => announceRun(run, clock, masks(run))),
            ),
          ),
        ),
        invalidations(id),
      );
    });

/** Does something whenever `signal` emits, as long as the stream lasts. */
const passively =
  <T>(signal: Observable<unknown>, act: () => void): MonoTypeOperatorFunction<T> =>
  (all) =>
    defer(() => {
      const subscription = signal.subscribe(act);
      return all.pipe(finalize(() => subscription.unsubscribe()));
    });

const isRun = (seen: FrameOrRun): seen is Run => seen.kind === 'run';
