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
import { clientAddress as visitor } from './access/access-request';
import type { Tokens } from './access/access.node';
import type { CertificateInUse } from './access/certificate.node';
import { defaultLimits, type Limits } from './access/limits';
import { initialRefusals, refusalLog } from './access/refusal';
import type { Answers } from './http/answers';
import { httpApp, type HttpOptions } from './http/app.node';
import { closed, httpServer } from './http/server.node';
import { KeptPictures } from './pictures/kept-pictures';
import { encodePicture, type PictureEncoding } from './pictures/pictures.node';
import { ServerStatus, type ModelState } from './server-status';
import { ChannelRegistry, initialLosses, type Named } from './websocket/channel-registry.node';
import { webSockets } from './websocket/server.node';

export interface PushOptions extends Tokens {
  readonly events: Observable<PipelineEvent>;
  /** The streams there are, at once and whenever one comes, goes or gets another name. */
  readonly streams: Observable<readonly Named[]>;
  readonly model: Observable<ModelState>;
  readonly clock: Clock;
  /** Closed together with the server. */
  readonly metrics: MetricsPort;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly version: string;
  /** Without a token, by whatever name this server is called. */
  readonly insecure?: boolean | undefined;
  /** Closed together with the server. */
  readonly certificate?: CertificateInUse | undefined;
  /** Pages from elsewhere that may open a socket and read the API, as `https://host`; `*` for all. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Pages from elsewhere that may show ours in a frame, likewise. */
  readonly frameAncestors?: readonly string[] | undefined;
  readonly pictures?: { readonly encoding: PictureEncoding; readonly quality: number } | undefined;
  readonly viewFolder?: string | undefined;
  readonly warn?: ((message: string) => void) | undefined;
  readonly heartbeatMs?: number | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** Whom a connection from an address is counted for; null: it is not. Unless given, whatever comes from this machine is not counted. */
  readonly visitorOf?: ((address: string | undefined) => string | null) | undefined;
  /** A new trace id: 32 random hex digits. */
  readonly newTraceId: () => string;
  /** Told of the trace of each mask that is published; `latest` tells what has become of it by then. */
  readonly traced?: ((trace: KeyFrameTrace, latest: () => KeyFrameTrace) => void) | undefined;
  /** Reads the configuration anew; rejects with the reason when it is refused. */
  readonly reload?: (() => Promise<Answers['reloaded']>) | undefined;
}

export interface Push {
  readonly port: number;
  /** Ends within a second, whatever the clients do. */
  close(): Promise<void>;
}

/** Brings what the pipeline says to screens, to the API and to Prometheus, from now until `close`. */
export async function servePush(options: PushOptions): Promise<Push> {
  const { clock, metrics, version } = options;
  const warn = options.warn ?? (() => undefined);
  const now = (): number => clock.now();
  const records = new ServerStatus();
  const { encoding, quality } = options.pictures ?? { encoding: 'jpeg', quality: 90 };
  const traces = new Traces({ newId: options.newTraceId, onPublished: options.traced ?? (() => undefined) });
  const kept = new KeptPictures();
  const ports = { kept, now, record: metrics.record, encode: encodePicture(encoding, quality), encoding, warn };
  const registry = new ChannelRegistry({ channel: ports, traces, metrics });
  const { channels } = registry;
  const rows = (): readonly StreamStatus[] => registry.rows();
  const lastFrameAt = new Map<string, number>();

  const viewFolder = options.viewFolder ?? builtFile('view');
  const limits = { ...defaultLimits, ...options.limits };
  const visitorOf = options.visitorOf ?? visitor;
  const { token, operatorToken, insecure = false, allowedOrigins = [], frameAncestors = [] } = options;
  const doors = { token, operatorToken, insecure, allowedOrigins };
  const refused = refusalLog(warn, now);
  const whyNot: HttpOptions['whyNot'] = (asking, address) => sockets.whyNot(asking, address);
  const answer = httpApp({
    ...{ rows, records, kept, traces, metrics, version, viewFolder },
    ...doors,
    ...{ frameAncestors, warn, refused, whyNot, reload: options.reload },
  });
  const server = httpServer({ certificate: options.certificate, answer, limits, visitorOf });
  const port = await listen(server, options.host, options.port);
  const sockets = webSockets({
    server,
    channels,
    rows,
    version,
    epoch: randomUUID(),
    now,
    record: metrics.record,
    refused,
    ...doors,
    heartbeatMs: options.heartbeatMs,
    limits,
    visitorOf,
  });

  for (const series of [...commonSeries, ...initialLosses, ...initialRefusals]) metrics.begin(series);
  metrics.onScrape(() => sockets.clients());
  metrics.onScrape(() => registry.expected(now()));
  const subscription = new Subscription();
  subscription.add(
    options.streams.subscribe((streams) => {
      if (registry.set(streams)) sockets.tellStreams();
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
        records.accept(event);
        const channel = channels.get(event.stream);
        // The last mask of a stream that is gone: for the record.
        if (!channel) return;
        if (event.kind === 'fate') lastFrameAt.set(event.stream, event.at);
        channel.accept(event);
        samples(event).forEach(metrics.record);
      },
      error: (error: unknown) => {
        records.fail(`pipeline: ${String(error)}`);
        warn(`The pipeline failed: ${String(error)}`);
      },
    }),
  );
  subscription.add(
    options.model.subscribe({
      next: (model) => {
        records.use(model);
        registry.use(model);
        if (model.ready) metrics.replace({ metric: 'model_info', labels: modelLabels(model), value: 1 });
      },
      error: (error: unknown) => records.use({ ready: false, reason: String(error) }),
    }),
  );

  return {
    port,
    async close() {
      subscription.unsubscribe();
      sockets.close();
      metrics.close();
      options.certificate?.close();
      await closed(server);
    },
  };
}

function modelLabels({ model, provider }: Extract<ModelState, { ready: true }>) {
  return { name: model.name, version: model.version, sha256: model.sha256, provider };
}
