import { randomBytes } from 'node:crypto';
import {
  BehaviorSubject,
  catchError,
  connect,
  defer,
  EMPTY,
  filter,
  forkJoin,
  lastValueFrom,
  map,
  type Observable,
  pipe,
  tap,
  toArray,
} from 'rxjs';
import { findFfmpeg, type Ffmpeg } from '../acquire/ffmpeg/binary.node';
import type { HardwareRefusal } from '../acquire/ffmpeg/hardware-decoding';
import { type ProbeReport, probeReport } from '../acquire/probe-report';
import { probe } from '../acquire/probe.node';
import { traitsOf } from '../acquire/source-kinds';
import type { SourceSpec } from '../acquire/source-spec';
import { uniqueAcquisitions } from '../acquisitions/unique-acquisitions';
import type { Config, StreamConfig } from '../config/load';
import type { Secrets } from '../config/secrets';
import { clock } from '../core/clock.node';
import { errorText } from '../core/log-text';
import { version } from '../core/package.node';
import type { PipelineEvent } from '../event';
import type { LoadedSegmenter } from '../infer/loaded-segmenter.node';
import { prometheus } from '../measure/prometheus.node';
import { providerInfo, unfitProviders } from '../measure/series';
import { type PatientsToWrite, writePatients } from '../phantom/data/write-patients.node';
import { CertificateInUse } from '../push/access/certificate.node';
import { servePush } from '../push/serve-push.node';
import type { ModelState } from '../push/server-status';
import { type KeyFrameTrace, publishedAt } from '../tracing/key-frame-trace';
import type { OtlpOptions, TraceSink } from '../tracing/otlp.node';
import { live } from './live.node';
import type { Log } from './log.node';
import { type ReloadResult, reloader } from './reload.node';

/** Nobody waits longer for sources that show nothing. */
const START_TIMEOUT_MS = 8000;

/** A server at work. */
export interface App {
  readonly port: number;
  /**
   * Resolves once every stream has shown a picture, or shown that it has none; a few seconds after the model is warm in
   * any case.
   */
  readonly started: Promise<void>;
  /** Rejects when the work cannot go on: the model is refused, or every source gave up. */
  readonly failed: Promise<never>;
  /**
   * Reads the configuration anew and makes it the one at work, all of it or nothing. Rejects when it is refused, which
   * the log tells, too.
   */
  readonly reload: () => Promise<ReloadResult>;
  /** Ends sources, worker and sockets within two seconds. */
  close(): Promise<void>;
}

export interface SourceProbe {
  readonly ffmpeg: Ffmpeg;
  readonly report: ProbeReport;
  /** When each new acquisition was captured. */
  readonly uniqueAt: readonly number[];
  readonly refusal: HardwareRefusal | null;
}

export interface ServeParts {
  readonly log: Log;
  /** Those of the configuration; a reload adds its own. */
  readonly secrets: Secrets;
  /** Reads the configuration anew; null: there is no file to read. */
  readonly read: (() => Config) | null;
}

/**
 * Builds the adapters and plugs them into the pipeline. Rejects when no ffmpeg works or the port is taken.
 */
export async function serve(config: Config, { log, secrets, read }: ServeParts): Promise<App> {
  const ffmpeg = await findFfmpeg();
  log.info({ path: ffmpeg.path, origin: ffmpeg.origin }, 'ffmpeg');
  const model = new BehaviorSubject<ModelState>({ ready: false, reason: 'loading' });
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const pending = new Set(config.streams.map(({ id }) => id));
  let resolveStarted: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (resolveStarted = resolve));
  const noteStart = (event: PipelineEvent): void => {
    if (event.kind === 'picture' || (event.kind === 'stream' && event.state !== 'connecting')) pending.delete(event.stream);
    if (pending.size === 0) resolveStarted();
  };
  const metrics = prometheus();
  const onModel = ({ model: identity, provider, refusals }: LoadedSegmenter, asked: Config['provider']): void => {
    model.next({ ready: true, model: identity, provider });
    setTimeout(resolveStarted, START_TIMEOUT_MS).unref();
    metrics.replace(providerInfo(asked, provider));
    unfitProviders(refusals).forEach(metrics.record);
  };
  const warn = (message: string): void => log.warn(message);
  const work = live(config, { ffmpeg: Promise.resolve(ffmpeg), log, record: metrics.record, onModel });
  const { host, port, token, operatorToken, insecure, allowedOrigins, frameAncestors, limits, tls, otlpEndpoint: endpoint } = config;
  const certificate = tls && new CertificateInUse(tls, warn);
  const readNext = (): Config => {
    const next = read?.() ?? config;
    secrets.add(next);
    return next;
  };
  const reload = reloader(config, { read: read && readNext, live: work, certificate, log, record: metrics.record });

  const traces = endpoint === undefined ? null : await tracesTo(endpoint, { version, record: metrics.record, warn });
  const push = await servePush({
    ...{ host, port, token, operatorToken, insecure, allowedOrigins, frameAncestors, limits, certificate },
    ...{ version, clock, metrics, model },
    reload: () => reload().catch(rethrowRedacted(secrets)),
    streams: work.streams.pipe(map((streams) => streams.map(toNamedStream))),
    newTraceId: () => randomBytes(16).toString('hex'),
    onTrace: (trace, latest) => {
      log.info(traceSummary(trace), 'mask published');
      traces?.add(latest);
    },
    warn,
    events: work.events.pipe(
      tap(noteStart),
      catchError((error: unknown) => {
        fail(error);
        return EMPTY;
      }),
    ),
  });
  return { port: push.port, started, failed, reload, close: async () => void (await Promise.all([push.close(), traces?.close()])) };
}

/** Loaded only where it is asked for. */
async function tracesTo(endpoint: string, options: Omit<OtlpOptions, 'endpoint'>): Promise<TraceSink> {
  const { otlp } = await import('../tracing/otlp.node');
  return otlp({ ...options, endpoint });
}

/** A stream as the screens know it. No latency moves what is dated by a clock of its own. */
function toNamedStream({ id, name, expected, spec }: StreamConfig) {
  return { id, name, expected, captureLatencyMs: traitsOf(spec).ownClock ? 0 : spec.captureLatencyMs };
}

/** Enough to find a mask again, in the log and by its trace. */
function traceSummary(trace: KeyFrameTrace) {
  const { stream, run, frame, status, traceId, startedAt } = trace;
  return { stream, run, frame, status, traceId, delayMs: Math.round(publishedAt(trace) - startedAt) };
}

/** An error as it may be told to whoever asked. */
const rethrowRedacted =
  (secrets: Secrets) =>
  (error: unknown): never => {
    throw new Error(String(secrets.redact(errorText(error))), { cause: error });
  };

/** What the pipeline says of the configured sources, without any server. */
export const watch = (config: Config, log: Log): Observable<PipelineEvent> =>
  defer(() => {
    const ffmpeg = findFfmpeg();
    // Told where it is used: a model that is refused comes first.
    ffmpeg.catch(() => undefined);
    return live(config, { ffmpeg, log, record: () => undefined, onModel: () => undefined }).eventsUntilEnd;
  });

/**
 * A short look at a source: which ffmpeg read it, what it shows, and how many of its pictures were new acquisitions.
 */
export async function probeSource(spec: SourceSpec): Promise<SourceProbe> {
  const ffmpeg = await findFfmpeg();
  let refusal: HardwareRefusal | null = null;
  const seen = probe(spec, { ffmpeg, clock, streamId: 'probe', onHardwareRefusal: (told) => (refusal = told) });
  const unique = pipe(
    uniqueAcquisitions(clock),
    filter((sighting) => sighting.kind === 'unique'),
    map(({ acquisition }) => acquisition.frame.capturedAt),
    toArray(),
  );
  const [report, uniqueAt] = await lastValueFrom(seen.pipe(connect((all) => forkJoin([all.pipe(probeReport()), all.pipe(unique)]))));
  return { ffmpeg, report, uniqueAt, refusal };
}

/** Writes simulated patients as a data set of videos and Labelme annotations. */
export async function writeDataSet(wanted: Omit<PatientsToWrite, 'ffmpeg'>): Promise<void> {
  const ffmpeg = await findFfmpeg();
  await writePatients({ ...wanted, ffmpeg: ffmpeg.path });
}
