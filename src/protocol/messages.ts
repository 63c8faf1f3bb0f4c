import * as z from 'zod/mini';
import * as part from './fields';
import type { Said } from './fields';

/** The WebSocket subprotocol; docs/protocol.md tells screen developers about it. */
export const PROTOCOL = 'angiocast.v1';

/** What a screen may subscribe to. `invalid` comes with `mask`. */
export const topics = ['mask', 'keyframe', 'run', 'stability', 'stream', 'frame'] as const;
export type Topic = (typeof topics)[number];
export const topic = z.enum(topics);

/** Without a wish: everything but the pictures. */
export const defaultTopics: readonly Topic[] = topics.filter((name) => name !== 'frame');

const { text, count, finite, side, time } = part;

/** Every message carries this besides its type. */
const ofStream = { seq: count, stream: text, at: time };
const ofNoStream = { seq: z.literal(0), stream: z.null(), at: time };

/** Messages that belong to no stream (hello, clock, alive, error) have seq 0 and stream null. */
export interface Envelope {
  readonly seq: number;
  readonly stream: string | null;
  readonly at: number;
}

const hello = z.object({
  type: z.literal('hello'),
  protocol: z.literal(PROTOCOL),
  /** `angiocast/VERSION` */
  server: text,
  /** Changes with every start of the server; seq counts anew with it. */
  epoch: text,
  streams: z.array(part.streamRow),
});

/** The streams there are from now on. */
const streams = z.object({ type: z.literal('streams'), streams: z.array(part.streamRow) });

/** The present state of a stream. `seq` is one less than that of the first message that follows to complete it; `head` is the newest told in it. */
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
  /** The valid mask; its message follows to those who subscribed to `mask`. */
  mask: z.nullable(part.toldMask),
  /** The latest picture of the stream. */
  frame: z.nullable(part.toldPicture),
  /** Of the run so far, oldest first. */
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
  /** The mask's grid; it covers `imageArea`. */
  width: side,
  height: side,
  encoding: z.literal('rle'),
  threshold: part.share,
  /** In captured-picture pixels, as are all contours. */
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
  /** Of the captured picture. */
  width: side,
  height: side,
  /** Of the payload: as captured, or smaller for a screen with a `maxWidth`. */
  encodedWidth: side,
  encodedHeight: side,
  encoding: part.pictureEncoding,
  repeated: z.literal(false),
  /** Of the captured picture: it is shown `pixelAspect` times as wide as its pixels count. */
  pixelAspect: part.later(part.aspect, 1),
});

/** slow-client: it did not read fast enough. overflow: nor the important messages; a snapshot follows. encoder-behind: the picture was passed over. expired: too old to be sent again. */
const lossCause = z.enum(['slow-client', 'overflow', 'superseded', 'encoder-behind', 'expired']);

/** `count` messages of `topic`, the first with seq `from`, the last with seq `to`, were not sent. */
const loss = z.object({ type: z.literal('loss'), topic, from: count, to: count, count, reason: lossCause });

const error = z.object({ type: z.literal('error'), code: text, message: text });

const clock = z.object({ type: z.literal('clock'), t0: finite, t1: time, t2: time });

/** The server works; nothing else was to be said for most of a second. */
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

export type Hello = Said<typeof hello>;
export type StreamsMessage = Said<typeof streams>;
export type KeyFrameFacts = Said<typeof part.keyFrameFacts>;
export type StabilityFacts = Said<typeof part.stabilityFacts>;
export type Snapshot = Said<typeof snapshot>;
export type StreamMessage = Said<typeof stream>;
export type RunMessage = Said<typeof run>;
export type StabilityMessage = Said<typeof stability>;
export type KeyFrameMessage = Said<typeof keyframe>;
export type MaskMessage = Said<typeof mask>;
export type InvalidMessage = Said<typeof invalid>;
export type FrameMessage = Said<typeof frame>;
export type LossCause = Said<typeof lossCause>;
export type LossMessage = Said<typeof loss>;
export type ErrorMessage = Said<typeof error>;
export type ClockMessage = Said<typeof clock>;
export type AliveMessage = Said<typeof alive>;

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
