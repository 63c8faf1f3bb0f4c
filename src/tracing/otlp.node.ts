import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Attributes, type HrTime, ROOT_CONTEXT, trace as traceApi } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, RandomIdGenerator, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Sample } from '../measure/metrics';
import { type KeyFrameTrace, traceEnd } from './key-frame-trace';

export interface OtlpOptions {
  /** Such as `http://collector:4318`, with or without credentials and a path. */
  readonly endpoint: string;
  readonly version: string;
  readonly record: (sample: Sample) => void;
  readonly warn: (message: string) => void;
  /** How long to wait for screens to report painting before a trace is sent. */
  readonly settleMs?: number;
  /** The time limit of an export. */
  readonly timeoutMs?: number;
  /** The most spans that wait; further ones are dropped. */
  readonly maxWaiting?: number;
}

/** Receives the traces of published masks. */
export interface TraceSink {
  /** Adds a trace; `latest` returns its state when it is sent. */
  add(latest: () => KeyFrameTrace): void;
  /** Sends what is left, within half a second. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 500;
const WARNING_INTERVAL_MS = 60_000;

/**
 * Sends each trace to an OpenTelemetry collector as OTLP over HTTP, afterwards, with the measured times: a root span
 * from the deciding capture to the last screen, and one child per step. An anticipated inference starts before its
 * root. A collector that is down or hangs costs a bounded queue; lost spans are counted, and nothing else is affected.
 */
export function otlp(options: OtlpOptions): TraceSink {
  const { endpoint, version, record, warn, settleMs = 5_000, timeoutMs = 5_000, maxWaiting = 2048 } = options;
  const pending = new Map<NodeJS.Timeout, () => KeyFrameTrace>();
  let waiting = 0;
  let lost = 0;
  let warnedAt = -Infinity;
  let traceId = '';

  const count = (outcome: 'exported' | 'failed' | 'dropped', value: number, why = ''): void => {
    record({ metric: 'trace_spans_total', labels: { outcome }, value });
    if (outcome === 'exported') return;
    lost += value;
    if (performance.now() - warnedAt < WARNING_INTERVAL_MS) return;
    warn(`Traces do not reach the OTLP endpoint: ${lost} spans lost (${why})`);
    [lost, warnedAt] = [0, performance.now()];
  };

  const url = tracesUrl(endpoint);
  const agent = new (url.startsWith('https:') ? HttpsAgent : HttpAgent)({ keepAlive: true });
  const collector = new OTLPTraceExporter({ url, timeoutMillis: timeoutMs, httpAgentOptions: () => agent });
  const exporter: SpanExporter = {
    export: (spans, done) =>
      collector.export(spans, (result) => {
        waiting -= spans.length;
        if (result.code === ExportResultCode.SUCCESS) count('exported', spans.length);
        else count('failed', spans.length, result.error?.message);
        done(result);
      }),
    shutdown: () => collector.shutdown(),
  };
  const random = new RandomIdGenerator();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'angiocast', 'service.version': version }),
    sampler: new AlwaysOnSampler(),
    idGenerator: { generateTraceId: () => traceId, generateSpanId: () => random.generateSpanId() },
    spanProcessors: [
      new BatchSpanProcessor({ exporter, maxQueueSize: maxWaiting, scheduledDelayMillis: 1000, exportTimeoutMillis: 2 * timeoutMs }),
    ],
  });
  const tracer = provider.getTracer('angiocast', version);

  const send = (trace: KeyFrameTrace): void => {
    const spans = trace.spans.length + 1;
    if (waiting + spans > maxWaiting) return count('dropped', spans, 'the queue is full');
    waiting += spans;
    ({ traceId } = trace);
    const root = tracer.startSpan(
      'key frame',
      { root: true, startTime: hrTime(trace.startedAt), attributes: attributesOf(trace) },
      ROOT_CONTEXT,
    );
    const inside = traceApi.setSpan(ROOT_CONTEXT, root);
    for (const { name, client, startedAt, endedAt } of trace.spans) {
      const attributes = client === null ? {} : { 'angiocast.client': client };
      tracer.startSpan(name, { startTime: hrTime(startedAt), attributes }, inside).end(hrTime(endedAt));
    }
    root.end(hrTime(traceEnd(trace)));
  };

  return {
    add(latest) {
      const timer = setTimeout(() => {
        pending.delete(timer);
        send(latest());
      }, settleMs);
      timer.unref();
      pending.set(timer, latest);
    },
    async close() {
      for (const [timer, latest] of pending) {
        clearTimeout(timer);
        send(latest());
      }
      pending.clear();
      let timeout: NodeJS.Timeout | undefined;
      const timedOut = new Promise<void>((resolve) => (timeout = setTimeout(resolve, CLOSE_TIMEOUT_MS)));
      await Promise.race([provider.shutdown().catch(() => undefined), timedOut]);
      clearTimeout(timeout);
      if (waiting > 0) warn(`${waiting} trace spans were not sent before the server stopped`);
      // An export that hangs would keep the process alive.
      for (const socket of Object.values(agent.sockets).flatMap((all) => all ?? [])) socket.destroy(new Error('the server is stopping'));
      agent.destroy();
    },
  };
}

function attributesOf({ stream, run, frame, status, seq, anticipated, provider, model, otherClients }: KeyFrameTrace): Attributes {
  const facts = { stream, run, frame, status, seq, anticipated, provider, 'model.name': model.name, 'model.version': model.version };
  return Object.fromEntries(Object.entries({ ...facts, other_clients: otherClients }).map(([name, value]) => [`angiocast.${name}`, value]));
}

/** Adds the path of the OTLP specification to a URL without one. */
function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.pathname === '/') url.pathname = '/v1/traces';
  return url.href;
}

/** Seconds and nanoseconds: OpenTelemetry would take a small number for time since the start of the process. */
function hrTime(milliseconds: number): HrTime {
  const nanoseconds = Math.round((milliseconds % 1000) * 1e6);
  return [Math.floor(milliseconds / 1000) + Math.floor(nanoseconds / 1e9), nanoseconds % 1e9];
}
