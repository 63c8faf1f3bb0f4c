import type { KeyFrameStatus, MaskEvent } from '../event';
import type { ModelIdentity } from '../infer/segmenter';

/**
 * The steps of a mask from the deciding capture to the screens, in the order of their spans; the last two once per
 * client.
 */
export type TraceStep = 'capture' | 'acquire' | 'detect' | 'queue' | 'infer' | 'encode' | 'publish' | 'delivered' | 'painted';

export interface TraceSpan {
  readonly name: TraceStep;
  /** The screen, by an anonymous name; null for the server's own steps. */
  readonly client: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** How long each step of one mask took. */
export interface KeyFrameTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  readonly stream: string;
  readonly run: string;
  readonly frame: number;
  readonly status: KeyFrameStatus;
  /** The `seq` of the mask's message. */
  readonly seq: number;
  /** The inference began before the decision. */
  readonly anticipated: boolean;
  readonly provider: string;
  readonly model: ModelIdentity;
  /** Capture of the deciding frame: delays count from here. An anticipated inference lies before it. */
  readonly startedAt: number;
  readonly spans: readonly TraceSpan[];
  /** Screens it was delivered to that have no spans. */
  readonly otherClients: number;
}

export interface Interval {
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface Published {
  readonly traceId: string;
  readonly seq: number;
  readonly publishedAt: number;
  /** From the screen to the arrival of a picture here, as configured for the source; 0: unknown. */
  readonly captureLatencyMs: number;
  /** When the deciding frame was recognised as a new acquisition; null when it is a repeat, which ends a run. */
  readonly acquiredAt: number | null;
}

/** Screens with spans of their own in one trace, at most. */
export const MAX_TRACED_CLIENTS = 16;

/** The trace of a published mask. */
export function keyFrameTrace(mask: MaskEvent, { traceId, seq, publishedAt, captureLatencyMs, acquiredAt }: Published): KeyFrameTrace {
  const { stream, run, frame, status, provider, model, timing } = mask;
  const { capturedAt, detectedAt, inferenceStartedAt, inferenceEndedAt, anticipated } = timing;
  const arrivedAt = capturedAt + captureLatencyMs;
  return {
    ...{ traceId, stream, run, frame, status, seq, anticipated, provider, model, startedAt: capturedAt, otherClients: 0 },
    spans: [
      span('capture', capturedAt, arrivedAt),
      ...(acquiredAt === null ? [] : [span('acquire', arrivedAt, acquiredAt)]),
      span('detect', acquiredAt ?? arrivedAt, detectedAt),
      span('queue', detectedAt, inferenceStartedAt),
      span('infer', inferenceStartedAt, inferenceEndedAt),
      span('publish', Math.max(detectedAt, inferenceEndedAt), publishedAt),
    ],
  };
}

/** A picture encoded this long after its mask was published is for a screen that joined later. */
const LATE_ENCODING_MS = 1000;

/** Adds the encoding of the key frame's picture, once, unless it was for a screen that joined later. */
export function withEncoding(trace: KeyFrameTrace, { startedAt, endedAt }: Interval): KeyFrameTrace {
  if (spanOf(trace, 'encode') || startedAt > publishedAt(trace) + LATE_ENCODING_MS) return trace;
  const spans = trace.spans.flatMap((each) => (each.name === 'publish' ? [span('encode', startedAt, endedAt), each] : [each]));
  return { ...trace, spans };
}

/** Adds the delivery of the mask to one more screen. */
export function withDelivery(trace: KeyFrameTrace, client: string, at: number): KeyFrameTrace {
  if (trace.spans.filter(({ name }) => name === 'delivered').length >= MAX_TRACED_CLIENTS)
    return { ...trace, otherClients: trace.otherClients + 1 };
  return { ...trace, spans: [...trace.spans, span('delivered', publishedAt(trace), at, client)] };
}

/**
 * Adds the painting of the mask by a screen that has a span. On a busy server it may precede the delivery, which is
 * recorded late.
 */
export function withPainting(trace: KeyFrameTrace, client: string, at: number): KeyFrameTrace {
  const spans = trace.spans.flatMap((each) =>
    each.name === 'delivered' && each.client === client ? [each, span('painted', Math.min(each.endedAt, at), at, client)] : [each],
  );
  return { ...trace, spans };
}

/** The end of the latest span so far. */
export function traceEnd({ startedAt, spans }: KeyFrameTrace): number {
  return Math.max(startedAt, ...spans.map(({ endedAt }) => endedAt));
}

export function publishedAt(trace: KeyFrameTrace): number {
  return spanOf(trace, 'publish')?.endedAt ?? trace.startedAt;
}

const spanOf = ({ spans }: KeyFrameTrace, step: TraceStep): TraceSpan | undefined => spans.find(({ name }) => name === step);

/** No span ends before it starts: recordings read faster than real time carry times of their own. */
function span(name: TraceStep, startedAt: number, endedAt: number, client: string | null = null): TraceSpan {
  return { name, client, startedAt, endedAt: Math.max(startedAt, endedAt) };
}
