import {
  BehaviorSubject,
  catchError,
  defer,
  finalize,
  from,
  ignoreElements,
  merge,
  type Observable,
  of,
  Subject,
  switchMap,
  tap,
  throwError,
} from 'rxjs';
import type { Ffmpeg } from '../acquire/ffmpeg/binary.node';
import { isOld } from '../acquire/ffmpeg/capabilities';
import { SourceError } from '../acquire/source';
import { lossWord, traitsOf } from '../acquire/source-kinds';
import type { ClassifiedFrame } from '../acquisitions/classified-frame';
import { sourceSettings } from '../config/changes';
import type { Config, StreamConfig } from '../config/load';
import { clock } from '../core/clock.node';
import { errorText } from '../core/log-text';
import type { PipelineEvent } from '../event';
import type { LoadedSegmenter } from '../infer/loaded-segmenter.node';
import { ModelSlot } from '../infer/model-slot';
import { failureLog } from '../measure/failure-log';
import type { Sample } from '../measure/metrics';
import { pipeline, type StreamPorts } from '../pipeline';
import type { Log } from './log.node';
import { type ModelConfig, modelKey, segmenter } from './model.node';
import { sourceLog } from './source-log.node';
import { streamThread } from './stream-thread.node';

export interface LiveParts {
  /** May be pending while the model loads; streams open when it resolves, and fail if it rejects. */
  readonly ffmpeg: Promise<Ffmpeg>;
  readonly log: Log;
  readonly record: (sample: Sample) => void;
  /** Called when a loaded model becomes the one that runs lease; `asked`: the configured provider. */
  readonly onModel: (model: LoadedSegmenter, asked: Config['provider']) => void;
}

/** The streams and the model in use; both can be replaced while running. */
export interface Live {
  /**
   * The pipeline's events, once the model is ready. Errors if the first model is refused or every source has failed for
   * good. Unsubscribing closes worker and sources. For one subscriber.
   */
  readonly events: Observable<PipelineEvent>;
  /**
   * The same for the configured streams alone: completes when every source is over. Sources are opened while the model
   * loads.
   */
  readonly eventsUntilEnd: Observable<PipelineEvent>;
  /**
   * The current streams. One that is added appears before its first event; one that is removed disappears after its
   * last, except for late masks.
   */
  readonly streams: Observable<readonly StreamConfig[]>;
  /**
   * Loads another model for the runs that begin from now on, unless it is the same. Rejects with a `ModelError` if it
   * is refused; the previous one then stays. Calls are processed one at a time.
   */
  useModel(config: ModelConfig): Promise<'same' | 'switched'>;
  /** Opens, reopens and closes streams; unchanged ones go on undisturbed. */
  useStreams(streams: readonly StreamConfig[]): void;
}

export function live(config: Config, parts: LiveParts): Live {
  const models = new ModelSlot<LoadedSegmenter>();
  const runs = new Map<string, number>();
  const gaveUp = new Map<string, unknown>();
  let currentModel = '';
  let lastLoad: Promise<unknown> = Promise.resolve();
  /** Recordings are read ahead until this settles; undefined: not at all. */
  let loaded: Promise<unknown> | undefined;
  let open = new Map<string, StreamPorts>();
  const reloads = new Subject<void>();

  /** Keeps the ports of a stream if at most its name or expected hours changed. */
  const openStreams = (streams: readonly StreamConfig[]): readonly StreamPorts[] => {
    open = new Map(
      streams.map((stream) => [
        keyOf(stream),
        open.get(keyOf(stream)) ?? portsOf(stream, { ...parts, reloads, loaded: () => loaded }, giveUp),
      ]),
    );
    for (const key of gaveUp.keys()) if (!open.has(key)) gaveUp.delete(key);
    return [...open.values()];
  };
  /** The other streams go on. Returns whether there is none left. */
  const giveUp = (stream: StreamConfig, error: unknown): boolean => {
    gaveUp.set(keyOf(stream), error);
    return isOver();
  };
  const isOver = (): boolean => open.size > 0 && [...open.keys()].every((key) => gaveUp.has(key));
  /** Numbers go on when a stream gets another source, or was removed and is added again. */
  const runName = (stream: string): string => {
    const count = (runs.get(stream) ?? 0) + 1;
    runs.set(stream, count);
    return `${stream}-${count}`;
  };

  const sets = new BehaviorSubject(openStreams(config.streams));
  const served = new BehaviorSubject(config.streams);
  const load = async (wanted: ModelConfig): Promise<'same' | 'switched'> => {
    const key = await modelKey(wanted);
    if (key === currentModel) return 'same';
    parts.onModel(await models.use(segmenter(wanted, parts.log)), wanted.provider);
    currentModel = key;
    return 'switched';
  };
  const useModel = (wanted: ModelConfig): Promise<'same' | 'switched'> => {
    const result = lastLoad.then(() => load(wanted));
    lastLoad = result.catch(() => undefined);
    return result;
  };
  const eventsOf = (streams: Observable<readonly StreamPorts[]>): Observable<PipelineEvent> =>
    pipeline(streams, { leaseModel: () => models.lease(), clock, runName }).pipe(tap(failureLog(parts.log)));
  return {
    events: defer(() => from(useModel(config))).pipe(
      switchMap(() => eventsOf(sets)),
      finalize(() => models.close()),
    ),
    eventsUntilEnd: defer(() => {
      loaded = useModel(config);
      return merge(from(loaded).pipe(ignoreElements()), eventsOf(of(sets.value)));
    }).pipe(finalize(() => models.close())),
    streams: served,
    useModel,
    useStreams(streams) {
      const ids = new Set(streams.map(({ id }) => id));
      served.next([...streams, ...served.value.filter(({ id }) => !ids.has(id))]);
      sets.next(openStreams(streams));
      reloads.next();
      served.next(streams);
      // The streams that remain had failed before.
      if (isOver()) sets.error([...gaveUp.values()].at(-1));
    },
  };
}

interface StreamParts {
  readonly loaded: () => Promise<unknown> | undefined;
  readonly reloads: Observable<void>;
}

/** `giveUp` is called with the error of a source that has failed for good, and returns whether it was the last one. */
function portsOf(
  stream: StreamConfig,
  { ffmpeg, log, record, loaded, reloads }: LiveParts & StreamParts,
  giveUp: (stream: StreamConfig, error: unknown) => boolean,
): StreamPorts {
  const { id, spec } = stream;
  const opened = (found: Ffmpeg): Observable<ClassifiedFrame> => {
    if (isOld(found) && traitsOf(spec).url !== null)
      log.warn(
        { stream: id, ffmpeg: found.path, version: found.version },
        'an ffmpeg from before 2021 reads from the network: install a newer one',
      );
    return streamThread({
      ...{ stream: id, spec, ffmpeg: found, clock },
      onCaptured: (value) => record({ metric: 'frames_captured_total', labels: { stream: id }, value }),
      onHardwareRefusal: (refusal) => log.warn({ stream: id, ...refusal }, 'decoded without hardware'),
      after: loaded(),
    });
  };
  const frames = from(ffmpeg).pipe(
    switchMap(opened),
    tap(sourceLog(log, id)),
    catchError((error: unknown) => {
      log.error({ stream: id }, errorText(error));
      return giveUp(stream, error) ? throwError(() => error) : of(endedEvent(stream, error));
    }),
  );
  return { id, frames, pixelSpacingMm: spec.pixelSpacingMm, reloads, anticipate: !traitsOf(spec).ownClock };
}

/** The last event of a stream whose source cannot be read. */
function endedEvent({ spec }: StreamConfig, error: unknown): ClassifiedFrame {
  const word = error instanceof SourceError ? lossWord(error, spec) : undefined;
  return { kind: 'ended', at: clock.now(), message: errorText(error), word };
}

const keyOf = (stream: StreamConfig): string => JSON.stringify(sourceSettings(stream));
