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

/** How long after the model is ready `started` waits for sources at most. */
const START_TIMEOUT_MS = 8000;

/** A running server. */
export interface App {
  readonly port: number;
  /** Resolves once each stream has a picture or is known to have none, at the latest 8 s after the model is ready. */
  readonly started: Promise<void>;
  /** Rejects when the server cannot go on: the first model is refused, or every source has failed for good. */
  readonly failed: Promise<never>;
  /**
   * Reads the configuration again and applies all of it or nothing. Rejects if it is refused; the log contains the
   * reason, too.
   */
  readonly reload: () => Promise<ReloadResult>;
  /** Closes sockets, sources and worker. Resolves within a second; threads and ffmpeg end within two. */
  close(): Promise<void>;
}

export interface SourceProbe {
  readonly ffmpeg: Ffmpeg;
  readonly report: ProbeReport;
  /** Capture times of the new acquisitions. */
  readonly uniqueAt: readonly number[];
  /** Null: hardware decodes it, or was not requested. */
  readonly refusal: HardwareRefusal | null;
}

export interface ServeParts {
  readonly log: Log;
  /** Of the configuration; a reload adds those of the new one. */
  readonly secrets: Secrets;
  /** Reads the configuration file again and throws if it is invalid; null: there is no file. */
  readonly read: (() => Config) | null;
}

/**
 * Builds the adapters and connects them to the pipeline. Rejects if no ffmpeg works, the certificate is unusable or the
 * port is taken.
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

/** Loads OpenTelemetry only if an endpoint is configured. */
async function tracesTo(endpoint: string, options: Omit<OtlpOptions, 'endpoint'>): Promise<TraceSink> {
  const { otlp } = await import('../tracing/otlp.node');
  return otlp({ ...options, endpoint });
}

/** A stream as screens see it. A source dated by its own timestamps has no capture latency. */
function toNamedStream({ id, name, expected, spec }: StreamConfig) {
  return { id, name, expected, captureLatencyMs: traitsOf(spec).ownClock ? 0 : spec.captureLatencyMs };
}

/** What identifies a mask in the log, and its trace. */
function traceSummary(trace: KeyFrameTrace) {
  const { stream, run, frame, status, traceId, startedAt } = trace;
  return { stream, run, frame, status, traceId, delayMs: Math.round(publishedAt(trace) - startedAt) };
}

/** Rethrows an error without secrets, for the client that requested the reload. */
const rethrowRedacted =
  (secrets: Secrets) =>
  (error: unknown): never => {
    throw new Error(String(secrets.redact(errorText(error))), { cause: error });
  };

/** The pipeline's events for the configured sources, without a server. Completes when every source is over. */
export const watch = (config: Config, log: Log): Observable<PipelineEvent> =>
  defer(() => {
    const ffmpeg = findFfmpeg();
    // The streams report it; this only prevents an unhandled rejection.
    ffmpeg.catch(() => undefined);
    return live(config, { ffmpeg, log, record: () => undefined, onModel: () => undefined }).eventsUntilEnd;
  });

/** Watches a source for a few seconds. Rejects if no ffmpeg works; other failures are in the report. */
export async function probeSource(spec: SourceSpec): Promise<SourceProbe> {
  const ffmpeg = await findFfmpeg();
  let refusal: HardwareRefusal | null = null;
  const events = probe(spec, { ffmpeg, clock, streamId: 'probe', onHardwareRefusal: (refused) => (refusal = refused) });
  const unique = pipe(
    uniqueAcquisitions(clock),
    filter((event) => event.kind === 'unique'),
    map(({ acquisition }) => acquisition.frame.capturedAt),
    toArray(),
  );
  const [report, uniqueAt] = await lastValueFrom(events.pipe(connect((all) => forkJoin([all.pipe(probeReport()), all.pipe(unique)]))));
  return { ffmpeg, report, uniqueAt, refusal };
}

/** Writes simulated patients as a data set of videos and Labelme annotations. Rejects if no ffmpeg works. */
export async function writeDataSet(wanted: Omit<PatientsToWrite, 'ffmpeg'>): Promise<void> {
  const ffmpeg = await findFfmpeg();
  await writePatients({ ...wanted, ffmpeg: ffmpeg.path });
}
