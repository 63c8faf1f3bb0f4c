import { randomUUID } from 'node:crypto';
import { Subscription, type Observable } from 'rxjs';
import type { Clock } from '../core/clock';
import { listen } from '../core/listen.node';
import { builtFile } from '../core/package.node';
import type { PipelineEvent } from '../event';
import { samples } from '../measure/metrics';
import { commonSeries, type MetricsPort } from '../measure/series';
import type { StreamStatus } from '../protocol/stream-status';
import type { KeyFrameTrace } from '../tracing/key-frame-trace';
import { Traces } from '../tracing/traces';
import { clientAddress as peerAddress } from './access/access-request';
import type { Tokens } from './access/access.node';
import type { CertificateInUse } from './access/certificate.node';
import { defaultLimits, type Limits } from './access/limits';
import { initialRefusals, refusalLog } from './access/refusal';
import type { Answers } from './http/answers';
import { httpApp, type HttpOptions } from './http/app.node';
import { closeServer, httpServer } from './http/server.node';
import { KeptPictures } from './pictures/kept-pictures';
import { encodePicture, type PictureEncoding } from './pictures/pictures.node';
import { ServerStatus, type ModelState } from './server-status';
import { ChannelRegistry, initialLosses, type NamedStream } from './websocket/channel-registry.node';
import { webSockets } from './websocket/server.node';

export interface PushOptions extends Tokens {
  readonly events: Observable<PipelineEvent>;
  /** The configured streams, at once and whenever one is added, removed or renamed. */
  readonly streams: Observable<readonly NamedStream[]>;
  readonly model: Observable<ModelState>;
  readonly clock: Clock;
  /** Closed together with the server. */
  readonly metrics: MetricsPort;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly version: string;
  /** Allow access without a token under any host name. */
  readonly insecure?: boolean | undefined;
  /** Closed together with the server. */
  readonly certificate?: CertificateInUse | undefined;
  /** Other origins whose pages may open a socket and read the API, as `https://host`; `*` for all. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Other origins whose pages may embed ours, likewise. */
  readonly frameAncestors?: readonly string[] | undefined;
  readonly pictures?: { readonly encoding: PictureEncoding; readonly quality: number } | undefined;
  readonly viewFolder?: string | undefined;
  readonly warn?: ((message: string) => void) | undefined;
  readonly heartbeatMs?: number | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** Under which key connections of a peer are limited; null: not at all, which is the default for this machine. */
  readonly clientAddress?: ((address: string | undefined) => string | null) | undefined;
  /** A new trace id: 32 random hex digits. */
  readonly newTraceId: () => string;
  /** Called with the trace of each published mask; `latest` returns it with what screens reported since. */
  readonly onTrace?: ((trace: KeyFrameTrace, latest: () => KeyFrameTrace) => void) | undefined;
  /** Reloads the configuration; rejects with the reason when it is refused. */
  readonly reload?: (() => Promise<Answers['reloaded']>) | undefined;
}

export interface Push {
  readonly port: number;
  /** Resolves within a second, whatever the clients do. */
  close(): Promise<void>;
}

/** Serves the pipeline's events to screens, the API and Prometheus, until `close`. */
export async function servePush(options: PushOptions): Promise<Push> {
  const { clock, metrics, version } = options;
  const warn = options.warn ?? (() => undefined);
  const now = (): number => clock.now();
  const status = new ServerStatus();
  const { encoding, quality } = options.pictures ?? { encoding: 'jpeg', quality: 90 };
  const traces = new Traces({ newId: options.newTraceId, onPublished: options.onTrace ?? (() => undefined) });
  const keptPictures = new KeptPictures();
  const ports = { keptPictures, now, record: metrics.record, encode: encodePicture(encoding, quality), encoding, warn };
  const registry = new ChannelRegistry({ channel: ports, traces, metrics });
  const { channels } = registry;
  const rows = (): readonly StreamStatus[] => registry.rows();
  const lastFrameAt = new Map<string, number>();

  const viewFolder = options.viewFolder ?? builtFile('view');
  const limits = { ...defaultLimits, ...options.limits };
  const clientAddress = options.clientAddress ?? peerAddress;
  const { token, operatorToken, insecure = false, allowedOrigins = [], frameAncestors = [] } = options;
  const access = { token, operatorToken, insecure, allowedOrigins };
  const onRefusal = refusalLog(warn, now);
  const refusalFor: HttpOptions['refusalFor'] = (request, address) => sockets.refusalFor(request, address);
  const answer = httpApp({
    ...{ rows, status, keptPictures, traces, metrics, version, viewFolder },
    ...access,
    ...{ frameAncestors, warn, onRefusal, refusalFor, reload: options.reload },
  });
  const server = httpServer({ certificate: options.certificate, answer, limits, clientAddress });
  const port = await listen(server, options.host, options.port);
  const sockets = webSockets({
    server,
    channels,
    rows,
    version,
    epoch: randomUUID(),
    now,
    record: metrics.record,
    onRefusal,
    ...access,
    heartbeatMs: options.heartbeatMs,
    limits,
    clientAddress,
  });

  for (const series of [...commonSeries, ...initialLosses, ...initialRefusals]) metrics.begin(series);
  metrics.onScrape(() => sockets.clients());
  metrics.onScrape(() => registry.expected(now()));
  const subscription = new Subscription();
  subscription.add(
    options.streams.subscribe((streams) => {
      if (registry.set(streams)) sockets.announceStreams();
      for (const id of lastFrameAt.keys()) if (!channels.has(id)) lastFrameAt.delete(id);
    }),
  );
  metrics.onScrape(() =>
    [...channels.keys()].map((id) => ({
      metric: 'last_frame_age_seconds',
      labels: { stream: id },
      value: (now() - (lastFrameAt.get(id) ?? NaN)) / 1000,
    })),
  );

  subscription.add(
    options.events.subscribe({
      next: (event) => {
        status.accept(event);
        const channel = channels.get(event.stream);
        // A late mask of a removed stream is only recorded.
        if (!channel) return;
        if (event.kind === 'fate') lastFrameAt.set(event.stream, event.at);
        channel.accept(event);
        samples(event).forEach(metrics.record);
      },
      error: (error: unknown) => {
        status.fail(`pipeline: ${String(error)}`);
        warn(`The pipeline failed: ${String(error)}`);
      },
    }),
  );
  subscription.add(
    options.model.subscribe({
      next: (model) => {
        status.use(model);
        registry.use(model);
        if (model.ready) metrics.replace({ metric: 'model_info', labels: modelLabels(model), value: 1 });
      },
      error: (error: unknown) => status.use({ ready: false, reason: String(error) }),
    }),
  );

  return {
    port,
    async close() {
      subscription.unsubscribe();
      sockets.close();
      metrics.close();
      options.certificate?.close();
      await closeServer(server);
    },
  };
}

function modelLabels({ model, provider }: Extract<ModelState, { ready: true }>) {
  return { name: model.name, version: model.version, sha256: model.sha256, provider };
}
