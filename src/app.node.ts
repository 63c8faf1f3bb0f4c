import { join } from 'node:path';
import { catchError, connect, dematerialize, EMPTY, filter, forkJoin, from, lastValueFrom, map, materialize } from 'rxjs';
import { type Observable, of, pipe, ReplaySubject, switchMap, tap, throwError, toArray } from 'rxjs';
import { findFfmpeg, type Ffmpeg } from './acquire/ffmpeg-binary.node';
import { frameSource } from './acquire/frame-source.node';
import { probe } from './acquire/probe.node';
import { type ProbeReport, probeReport } from './acquire/probe-report';
import type { Source, SourceEvent } from './acquire/source';
import type { SourceSpec } from './acquire/source-spec';
import { uniqueAcquisitions } from './buffer/unique-acquisitions';
import { clock } from './clock.node';
import type { Config, StreamConfig } from './config';
import type { PipelineEvent } from './event';
import { type LoadedSegmenter, loadedSegmenter } from './infer/loaded-segmenter.node';
import type { Log } from './log.node';
import { prometheus } from './measure/prometheus.node';
import { type PatientsToWrite, writePatients } from './phantom/write-patients.node';
import { pipeline } from './pipeline';
import type { ModelState } from './push/records';
import { servePush } from './push/serve-push.node';
import { version } from './version.node';

/** A server at work. */
export interface App {
  readonly port: number;
  /** Rejects when the work cannot go on: the model is refused, or every source gave up. */
  readonly failed: Promise<never>;
  /** Ends sources, worker and sockets within two seconds. */
  close(): Promise<void>;
}

export interface Look {
  readonly ffmpeg: Ffmpeg;
  readonly report: ProbeReport;
  /** When each new acquisition was captured. */
  readonly uniqueAt: readonly number[];
}

/** The bundle that comes with angiocast. */
export const ownModel = join(__dirname, '..', 'models', 'dsa-ltdnet');

/** Builds the adapters and plugs them into the pipeline. Rejects when no ffmpeg works or the port is taken. */
export async function serve(config: Config, log: Log): Promise<App> {
  const ffmpeg = await findFfmpeg();
  log.info({ path: ffmpeg.path, origin: ffmpeg.origin }, 'ffmpeg');
  const model = new ReplaySubject<ModelState>(1);
  model.next({ ready: false, reason: 'loading' });
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);

  const push = await servePush({
    ...{
      host: config.host,
      port: config.port,
      token: config.token,
      allowedOrigins: config.allowedOrigins,
      version,
      clock,
      metrics: prometheus(),
    },
    streams: config.streams.map(({ id, name }) => ({ id, name })),
    model,
    warn: (message) => log.warn(message),
    events: events(config, { ffmpeg, log, model }).pipe(
      catchError((error: unknown) => {
        fail(error);
        return EMPTY;
      }),
    ),
  });
  return { port: push.port, failed, close: () => push.close() };
}

/** What the pipeline says of the configured sources, without any server. */
export const watch = (config: Config, log: Log): Observable<PipelineEvent> =>
  from(findFfmpeg()).pipe(switchMap((ffmpeg) => events(config, { ffmpeg, log, model: { next: () => undefined } })));

/** A short look at a source: which ffmpeg read it, what it shows, and how many of its pictures were new acquisitions. */
export async function look(spec: SourceSpec): Promise<Look> {
  const ffmpeg = await findFfmpeg();
  const seen = probe(spec, { ffmpeg, clock, streamId: 'probe' });
  const unique = pipe(
    uniqueAcquisitions(clock),
    filter((sighting) => sighting.kind === 'unique'),
    map(({ acquisition }) => acquisition.frame.capturedAt),
    toArray(),
  );
  const [report, uniqueAt] = await lastValueFrom(seen.pipe(connect((all) => forkJoin([all.pipe(probeReport()), all.pipe(unique)]))));
  return { ffmpeg, report, uniqueAt };
}

/** Writes simulated patients as a data set of videos and Labelme annotations. */
export async function patients(wanted: Omit<PatientsToWrite, 'ffmpeg'>): Promise<void> {
  const ffmpeg = await findFfmpeg();
  await writePatients({ ...wanted, ffmpeg: ffmpeg.path });
}

interface Parts {
  readonly ffmpeg: Ffmpeg;
  readonly log: Log;
  readonly model: { next(state: ModelState): void };
}

/** What the pipeline says, once the model is warm; completes when every source is over. Unsubscribing ends worker and sources. */
function events(config: Config, { ffmpeg, log, model }: Parts): Observable<PipelineEvent> {
  let giving = config.streams.length;
  const source = ({ id, spec }: StreamConfig): Source =>
    frameSource(spec, { ffmpeg, clock, streamId: id }).pipe(
      tap((event) => logSource(log, id, event)),
      catchError((error: unknown) => {
        log.error({ stream: id }, oneLine(error));
        giving--;
        // Others go on without it; without any other there is nothing to serve.
        return giving === 0 ? throwError(() => error) : of<SourceEvent>({ kind: 'ended', at: clock.now() });
      }),
    );
  return segmenter(config, log).pipe(
    tap(({ model: identity, provider }) => model.next({ ready: true, model: identity, provider })),
    switchMap((loaded) =>
      pipeline(
        config.streams.map((stream) => ({ id: stream.id, source: source(stream), pixelSpacingMm: stream.spec.pixelSpacingMm })),
        { segmenter: loaded, clock, runName: (stream, count) => `${stream}-${count + 1}` },
      ).pipe(materialize()),
    ),
    dematerialize(),
  );
}

/** The model of the configuration on its provider, warm and checked; never completes, and unsubscribing ends its worker. */
export function segmenter(config: Pick<Config, 'model' | 'provider' | 'threads'>, log: Log): Observable<LoadedSegmenter> {
  return loadedSegmenter({
    ...{ folder: config.model ?? ownModel, provider: config.provider, clock },
    ...(config.threads === undefined ? {} : { threads: config.threads }),
    onReplaced: (reason) => log.warn({ reason }, 'inference worker replaced'),
  }).pipe(
    tap(({ model, provider, refusals }) => {
      for (const refusal of refusals) log.info(refusal, 'provider passed over');
      log.info({ model: model.name, version: model.version, provider }, 'model ready');
    }),
  );
}

function logSource(log: Log, stream: string, event: SourceEvent): void {
  if (event.kind === 'connected') log.info({ stream, width: event.width, height: event.height, codec: event.codec }, 'connected');
  if (event.kind === 'lost') log.warn({ stream, reason: event.reason }, event.message);
  if (event.kind === 'stalled') log.warn({ stream }, 'no picture arrives');
  if (event.kind === 'ended') log.info({ stream }, 'recording over');
}

export const oneLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
