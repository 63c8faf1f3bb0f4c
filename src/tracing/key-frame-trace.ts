import type { KeyFrameStatus, MaskEvent } from '../event';
import type { ModelIdentity } from '../infer/segmenter';

/** The steps of a mask from the capture that decided to the glass, in the order in which they are told; the last two once a client. */
export type TraceStep = 'capture' | 'acquire' | 'detect' | 'queue' | 'infer' | 'encode' | 'publish' | 'delivered' | 'painted';

export interface TraceSpan {
  readonly name: TraceStep;
  /** Which screen, by a name that tells nothing of it; null for the server's own steps. */
  readonly client: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Where the time of one mask went. */
export interface KeyFrameTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  readonly stream: string;
  readonly run: string;
  readonly frame: number;
  readonly status: KeyFrameStatus;
  /** The number of the mask's message. */
  readonly seq: number;
  /** The inference had begun before the decision. */
  readonly anticipated: boolean;
  readonly provider: string;
  readonly model: ModelIdentity;
  /** Capture of the frame that made the decision possible: delays count from here. What was anticipated lies before. */
  readonly startedAt: number;
  readonly spans: readonly TraceSpan[];
  /** Screens it was delivered to beyond those that have spans. */
  readonly otherClients: number;
}

/** A step's time. */
export interface Interval {
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface Published {
  readonly traceId: string;
  readonly seq: number;
  readonly publishedAt: number;
  /** From the glass to the arrival of a picture, as its source is configured; 0: unknown. */
  readonly captureLatencyMs: number;
  /** When the frame that decided was known to show a new acquisition; null where it showed none: the end of a run is seen by repeats. */
  readonly acquiredAt: number | null;
}

/** Screens that have spans of their own in one trace. */
export const MAX_TRACED_CLIENTS = 16;

/** The trace of a mask that was handed to the screens. */
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

/** A picture that is encoded so long after its mask was published is for a screen that joined later. */
const LATE_ENCODING_MS = 1000;

/** The same with the time that the key frame's picture took to be encoded for the screens of the mask, which happens once. */
export function withEncoding(trace: KeyFrameTrace, { startedAt, endedAt }: Interval): KeyFrameTrace {
  if (spanOf(trace, 'encode') || startedAt > publishedAt(trace) + LATE_ENCODING_MS) return trace;
  const spans = trace.spans.flatMap((each) => (each.name === 'publish' ? [span('encode', startedAt, endedAt), each] : [each]));
  return { ...trace, spans };
}

/** The same when the mask has left for one more screen, at `at`. */
export function withDelivery(trace: KeyFrameTrace, client: string, at: number): KeyFrameTrace {
  if (trace.spans.filter(({ name }) => name === 'delivered').length >= MAX_TRACED_CLIENTS)
    return { ...trace, otherClients: trace.otherClients + 1 };
  return { ...trace, spans: [...trace.spans, span('delivered', publishedAt(trace), at, client)] };
}

/** The same when a screen that has a span has painted the mask, which a busy server may hear to have been before it heard that the mask had left. */
export function withPainting(trace: KeyFrameTrace, client: string, at: number): KeyFrameTrace {
  const spans = trace.spans.flatMap((each) =>
    each.name === 'delivered' && each.client === client ? [each, span('painted', Math.min(each.endedAt, at), at, client)] : [each],
  );
  return { ...trace, spans };
}

/** When the mask had reached all screens that have told so by now. */
export function traceEnd({ startedAt, spans }: KeyFrameTrace): number {
  return Math.max(startedAt, ...spans.map(({ endedAt }) => endedAt));
}

/** When the mask was handed to the screens. */
export function publishedAt(trace: KeyFrameTrace): number {
  return spanOf(trace, 'publish')?.endedAt ?? trace.startedAt;
}

const spanOf = ({ spans }: KeyFrameTrace, step: TraceStep): TraceSpan | undefined => spans.find(({ name }) => name === step);

/** Recordings that run ahead of the clock are dated by their own: no step ends before it began. */
function span(name: TraceStep, startedAt: number, endedAt: number, client: string | null = null): TraceSpan {
  return { name, client, startedAt, endedAt: Math.max(startedAt, endedAt) };
}
