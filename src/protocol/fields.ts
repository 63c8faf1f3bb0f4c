import * as z from 'zod/mini';
import type { InvalidReason, KeyFrameStatus, StreamState } from '../event';
import type { SegmentFailureReason } from '../infer/segmenter';
import type { TraceStep } from '../tracing/key-frame-trace';

/**
 * What messages and answers are made of: the types, the check of what arrives and the JSON schemas come from here.
 * What each field means: field-docs.ts. Objects may carry more than is named: additions are welcome.
 */

/** Data as a schema describes it, read-only. */
export type DataOf<Schema extends z.ZodMiniType> = DeepReadonly<z.output<Schema>>;
type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/** A field added since angiocast.v1 began, and what a client assumes where an older server does not send it. */
export const later = z._default;

/** No picture and no mask is wider or higher. */
export const MAX_SIDE = 16_384;

export const text = z.string();
export const finite = z.number();
/** Counts, indices and numbers of messages. */
export const count = z.int().check(z.gte(0));
export const notNegative = z.number().check(z.gte(0));
export const share = z.number().check(z.gte(0), z.lte(1));
export const side = z.int().check(z.gte(1), z.lte(MAX_SIDE));
/** Milliseconds since the Unix epoch, on the server's clock. */
export const time = z.number();
/** Width of a pixel over its height. */
export const aspect = z.number().check(z.gt(0));

export const point = z.tuple([finite, finite]);
export const outline = z.array(point);
export const rect = z.object({ x: finite, y: finite, width: notNegative, height: notNegative });

const streamStates = ['connecting', 'live', 'held', 'frozen', 'lost', 'ended'] as const satisfies readonly StreamState[];
const keyFrameStatuses = ['stabilised', 'improved', 'final'] as const satisfies readonly KeyFrameStatus[];
const invalidReasons = ['new-run', 'scene-change', 'source-lost', 'superseded'] as const satisfies readonly InvalidReason[];
export const streamState = z.enum(streamStates);
export const keyFrameStatus = z.enum(keyFrameStatuses);
export const invalidReason = z.enum(invalidReasons);
export const detail = z.optional(text);
export const phase = z.enum(['started', 'ended']);

export const model = z.object({ name: text, version: text, sha256: text });

export const lesion = z.object({
  areaPx: notNegative,
  areaMm2: z.nullable(notNegative),
  longestDiameterPx: notNegative,
  longestDiameterMm: z.nullable(notNegative),
  centroid: point,
  boundingBox: z.tuple([finite, finite, notNegative, notNegative]),
  contour: outline,
  confidence: share,
});

export const liver = z.object({ areaPx: notNegative, contours: z.array(outline) });

/** 32 hex digits, as in a W3C trace context. */
export const traceId = z.string().check(z.regex(/^[0-9a-f]{32}$/));

export const timing = z.object({
  capturedAt: time,
  acquiredAt: time,
  detectedAt: time,
  inferenceStartedAt: time,
  inferenceEndedAt: time,
  publishedAt: time,
  anticipated: z.boolean(),
  traceId: later(traceId, '0'.repeat(32)),
});

const serverSteps = ['capture', 'acquire', 'detect', 'queue', 'infer', 'encode', 'publish'] as const satisfies readonly TraceStep[];
const clientSteps = ['delivered', 'painted'] as const satisfies readonly TraceStep[];
/** Of `GET /api/v1/runs/:run/trace`. */
export const traceSpan = z.object({
  name: z.enum([...serverSteps, ...clientSteps]),
  client: z.nullable(text),
  startedAt: time,
  endedAt: time,
});
export const keyFrameTrace = z.object({
  traceId,
  stream: text,
  run: text,
  frame: count,
  status: keyFrameStatus,
  seq: count,
  anticipated: z.boolean(),
  provider: text,
  model,
  startedAt: time,
  spans: z.array(traceSpan),
  otherClients: count,
});

export const ledger = z.object({ captured: count, unique: count, repeated: count, dropped: z.record(text, count) });

const failureReasons = ['crashed', 'timed-out', 'rejected'] as const satisfies readonly SegmentFailureReason[];
export const lastFailure = z.object({ run: text, frame: count, reason: z.enum(failureReasons), message: text, at: time, count });

export const replayedRun = z.optional(text);

/** One row of `GET /api/v1/streams` and of `hello.streams`. */
export const streamRow = z.object({
  id: text,
  name: text,
  state: streamState,
  reason: later(text, ''),
  detail,
  replayedRun,
  width: z.nullable(side),
  height: z.nullable(side),
  pixelAspect: later(z.nullable(aspect), null),
  imageArea: z.nullable(rect),
  imageAreaSettled: later(z.nullable(z.boolean()), null),
  planes: later(z.array(rect), []),
  imageAreaHint: z.optional(z.nullable(text)),
  acquisitionRateHz: z.nullable(notNegative),
  captureRateHz: z.nullable(notNegative),
  provider: z.nullable(text),
  model: z.nullable(model),
  run: z.nullable(text),
  frames: later(ledger, { captured: 0, unique: 0, repeated: 0, dropped: {} }),
  lastFailure: later(z.nullable(lastFailure), null),
});

const keyFrameFields = {
  ...{ status: keyFrameStatus, score: finite, lagFrames: count, lagMs: finite, capturedAt: time },
  ...{ assessed: later(z.boolean(), true), reason: later(z.nullable(text), null), ruleFrame: later(z.nullable(count), null) },
};
export const keyFrameFacts = z.object({ run: text, frame: count, ...keyFrameFields });
/** The same in `GET /api/v1/runs`. */
export const recordedKeyFrame = z.object({ frame: count, ...keyFrameFields });
export const recordedMask = z.object({ frame: count, status: keyFrameStatus, capturedAt: time });

export const stabilityFacts = z.object({
  run: text,
  frame: count,
  difference: finite,
  score: z.nullable(finite),
  scoredFrame: later(z.nullable(count), null),
  opacification: finite,
  candidate: z.nullable(count),
});

export const pictureEncoding = z.enum(['jpeg', 'png']);
export const keptPicture = z.object({
  frame: count,
  capturedAt: time,
  ...{ width: side, height: side, pixelAspect: aspect, encodedWidth: side, encodedHeight: side },
  encoding: pictureEncoding,
});

export const validMask = z.object({ run: text, frame: count, status: keyFrameStatus, capturedAt: time, seq: count });
export const latestPicture = z.object({ run: z.nullable(text), frame: z.nullable(count), capturedAt: time });
