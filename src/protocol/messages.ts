import * as z from 'zod/mini';
import * as part from './fields';
import type { DataOf } from './fields';

/** The WebSocket subprotocol. What each message and field means: message-docs.ts, and from there docs/protocol.md. */
export const PROTOCOL = 'angiocast.v1';

/** What a screen may subscribe to. `invalid` comes with `mask`. */
export const topics = ['mask', 'keyframe', 'run', 'stability', 'stream', 'frame'] as const;
export type Topic = (typeof topics)[number];
export const topic = z.enum(topics);

/** Unless others are asked for: everything but the pictures. */
export const defaultTopics: readonly Topic[] = topics.filter((name) => name !== 'frame');

const { text, count, finite, side, time } = part;

/** Every message carries this besides its type. */
const ofStream = { seq: count, stream: text, at: time };
const ofNoStream = { seq: z.literal(0), stream: z.null(), at: time };

/** Messages that belong to no stream have seq 0 and stream null. */
export interface Envelope {
  readonly seq: number;
  readonly stream: string | null;
  readonly at: number;
}

const hello = z.object({
  type: z.literal('hello'),
  protocol: z.literal(PROTOCOL),
  server: text,
  epoch: text,
  streams: z.array(part.streamRow),
});

const streams = z.object({ type: z.literal('streams'), streams: z.array(part.streamRow) });

const snapshot = z.object({
  type: z.literal('snapshot'),
  head: count,
  state: part.streamState,
  reason: text,
  detail: part.detail,
  replayedRun: part.replayedRun,
  width: z.nullable(side),
  height: z.nullable(side),
  pixelAspect: part.later(z.nullable(part.aspect), null),
  imageArea: z.nullable(part.rect),
  run: z.nullable(text),
  phase: z.nullable(part.phase),
  acquisitions: count,
  startedAt: z.nullable(time),
  keyframe: z.nullable(part.keyFrameFacts),
  mask: z.nullable(part.validMask),
  frame: z.nullable(part.latestPicture),
  stability: z.array(part.stabilityFacts),
});

const stream = z.object({
  type: z.literal('stream'),
  state: part.streamState,
  reason: text,
  detail: part.detail,
  replayedRun: part.replayedRun,
});

const run = z.object({ type: z.literal('run'), run: text, phase: part.phase, acquisitions: count, startedAt: time });

const stability = z.extend(part.stabilityFacts, { type: z.literal('stability') });

const keyframe = z.extend(part.keyFrameFacts, { type: z.literal('keyframe') });

/** Binary; the payload is the mask's run lengths. */
const mask = z.object({
  type: z.literal('mask'),
  run: text,
  frame: count,
  status: part.keyFrameStatus,
  capturedAt: time,
  width: side,
  height: side,
  encoding: z.literal('rle'),
  threshold: part.share,
  imageArea: part.rect,
  pixelAspect: part.later(part.aspect, 1),
  pixelSpacingMm: part.later(z.nullable(z.number().check(z.gt(0))), null),
  spacingVoid: part.later(z.nullable(text), null),
  lesions: z.array(part.lesion),
  liver: part.liver,
  paddedFrames: count,
  model: part.model,
  provider: text,
  timing: part.timing,
});

const invalid = z.object({ type: z.literal('invalid'), run: text, frame: count, reason: part.invalidReason });

/** Binary; the payload is the captured picture, maybe made smaller. */
const frame = z.object({
  type: z.literal('frame'),
  run: z.nullable(text),
  frame: z.nullable(count),
  capturedAt: time,
  width: side,
  height: side,
  encodedWidth: side,
  encodedHeight: side,
  encoding: part.pictureEncoding,
  repeated: z.literal(false),
  pixelAspect: part.later(part.aspect, 1),
});

const lossCause = z.enum(['slow-client', 'overflow', 'superseded', 'encoder-behind', 'expired']);

const loss = z.object({ type: z.literal('loss'), topic, from: count, to: count, count, reason: lossCause });

const error = z.object({ type: z.literal('error'), code: text, message: text });

const clock = z.object({ type: z.literal('clock'), t0: finite, t1: time, t2: time });

const alive = z.object({ type: z.literal('alive') });

/** Every message of the server as it stands in its JSON, by type. */
export const serverMessages = {
  hello: z.extend(hello, ofNoStream),
  streams: z.extend(streams, ofNoStream),
  snapshot: z.extend(snapshot, ofStream),
  stream: z.extend(stream, ofStream),
  run: z.extend(run, ofStream),
  stability: z.extend(stability, ofStream),
  keyframe: z.extend(keyframe, ofStream),
  mask: z.extend(mask, ofStream),
  invalid: z.extend(invalid, ofStream),
  frame: z.extend(frame, ofStream),
  loss: z.extend(loss, ofStream),
  error: z.extend(error, ofNoStream),
  clock: z.extend(clock, ofNoStream),
  alive: z.extend(alive, ofNoStream),
};

export type Hello = DataOf<typeof hello>;
export type StreamsMessage = DataOf<typeof streams>;
export type KeyFrameFacts = DataOf<typeof part.keyFrameFacts>;
export type StabilityFacts = DataOf<typeof part.stabilityFacts>;
export type Snapshot = DataOf<typeof snapshot>;
export type StreamMessage = DataOf<typeof stream>;
export type RunMessage = DataOf<typeof run>;
export type StabilityMessage = DataOf<typeof stability>;
export type KeyFrameMessage = DataOf<typeof keyframe>;
export type MaskMessage = DataOf<typeof mask>;
export type InvalidMessage = DataOf<typeof invalid>;
export type FrameMessage = DataOf<typeof frame>;
export type LossCause = DataOf<typeof lossCause>;
export type LossMessage = DataOf<typeof loss>;
export type ErrorMessage = DataOf<typeof error>;
export type ClockMessage = DataOf<typeof clock>;
export type AliveMessage = DataOf<typeof alive>;

/** What a message says, without its envelope. */
export type ServerMessage =
  | Hello
  | StreamsMessage
  | Snapshot
  | StreamMessage
  | RunMessage
  | StabilityMessage
  | KeyFrameMessage
  | MaskMessage
  | InvalidMessage
  | FrameMessage
  | LossMessage
  | ErrorMessage
  | ClockMessage
  | AliveMessage;
