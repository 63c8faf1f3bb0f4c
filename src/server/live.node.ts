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
  /** Looked for while the model loads. */
  readonly ffmpeg: Promise<Ffmpeg>;
  readonly log: Log;
  readonly record: (sample: Sample) => void;
  /** Told when a model begins to be lent to runs, and which provider was asked for. */
  readonly onModel: (model: LoadedSegmenter, asked: Config['provider']) => void;
}

/** Streams and model at work, which may become others while they work. */
export interface Live {
  /** What the pipeline says, once the model is warm. Unsubscribing ends worker and sources. For one subscriber. */
  readonly events: Observable<PipelineEvent>;
  /**
   * The same for streams that stay as they are: completes when every source is over. Sources are opened while the model
   * loads.
   */
  readonly eventsUntilEnd: Observable<PipelineEvent>;
  /**
   * The streams there are: one that comes is told before its first event, one that goes after its last but late masks.
   */
  readonly streams: Observable<readonly StreamConfig[]>;
  /**
   * Lends another model to runs that begin from now on, unless it is the same. Rejects with a `ModelError` when it is
   * refused; the one before stays. One after the other.
   */
  useModel(config: ModelConfig): Promise<'same' | 'switched'>;
  /** Opens, changes and closes streams; those that stay notice nothing. */
  useStreams(streams: readonly StreamConfig[]): void;
}

export function live(config: Config, parts: LiveParts): Live {
  const models = new ModelSlot<LoadedSegmenter>();
  const runs = new Map<string, number>();
  const gaveUp = new Map<string, unknown>();
  let currentModel = '';
  let lastLoad: Promise<unknown> = Promise.resolve();
  /** Until then, recordings are read ahead. */
  let loaded: Promise<unknown> | undefined;
  let open = new Map<string, StreamPorts>();
  const reloads = new Subject<void>();

  /** The same ports as before for a stream of which nothing but the name changed. */
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
  /** Others go on without it; without any other there is nothing to serve. */
  const giveUp = (stream: StreamConfig, error: unknown): boolean => {
    gaveUp.set(keyOf(stream), error);
    return isOver();
  };
  const isOver = (): boolean => open.size > 0 && [...open.keys()].every((key) => gaveUp.has(key));
  /** A stream that is given another source, or comes back, goes on counting. */
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
      // The others that were served are gone.
      if (isOver()) sets.error([...gaveUp.values()].at(-1));
    },
  };
}

interface StreamParts {
  readonly loaded: () => Promise<unknown> | undefined;
  readonly reloads: Observable<void>;
}

/** `giveUp` is told of a stream whose source cannot be read, ever, and why; it says whether it was the last. */
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
        'an ffmpeg of before 2021 reads from the network: install a newer one',
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

/** The last word of a stream whose source cannot be read. */
function endedEvent({ spec }: StreamConfig, error: unknown): ClassifiedFrame {
  const word = error instanceof SourceError ? lossWord(error, spec) : undefined;
  return { kind: 'ended', at: clock.now(), message: errorText(error), word };
}

const keyOf = (stream: StreamConfig): string => JSON.stringify(sourceSettings(stream));
