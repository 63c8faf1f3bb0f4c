import * as z from 'zod/mini';
import { streamRow } from '../../src/protocol/fields';
import { serverExamples } from '../../src/protocol/message-docs';
import { decode } from '../../src/receive/decode';

const text = (utf8: Uint8Array): string => new TextDecoder().decode(utf8);
const { hello, keyframe, mask, frame, stability, snapshot, stream } = serverExamples;

type Fields = Readonly<Record<string, unknown>>;
const only = (fields: string, of: object): Fields => Object.fromEntries(fields.split(' ').map((field) => [field, (of as Fields)[field]]));

/** The messages of the first servers, with every field that the protocol began with. */
const envelope = 'type seq stream at';
const row = only('id name state width height imageArea acquisitionRateHz captureRateHz provider model run', hello.streams[0] ?? {});
const keyFrame = only('run frame status score lagFrames lagMs capturedAt', keyframe);
const stable = only('run frame difference score opacification candidate', stability);
const old = {
  hello: { ...only(`${envelope} protocol server epoch`, hello), streams: [row] },
  streams: { ...only(envelope, serverExamples.streams), streams: [row] },
  stream: only(`${envelope} state reason`, stream),
  keyframe: { ...only(envelope, keyframe), ...keyFrame },
  stability: { ...only(envelope, stability), ...stable },
  frame: only(`${envelope} run frame capturedAt width height encoding repeated`, frame),
  mask: {
    ...only(
      `${envelope} run frame status capturedAt width height encoding threshold imageArea lesions liver paddedFrames model provider`,
      mask,
    ),
    timing: only('capturedAt acquiredAt detectedAt inferenceStartedAt inferenceEndedAt publishedAt anticipated', mask.timing),
  },
  snapshot: {
    ...only(`${envelope} head state reason width height imageArea run phase acquisitions startedAt mask frame`, snapshot),
    ...{ keyframe: keyFrame, stability: [stable] },
  },
};

const binary = (json: object, payload: readonly number[]): ArrayBuffer => {
  const utf8 = new TextEncoder().encode(JSON.stringify(json));
  const bytes = new Uint8Array(4 + utf8.length + payload.length);
  new DataView(bytes.buffer).setUint32(0, utf8.length, true);
  bytes.set(utf8, 4);
  bytes.set(payload, 4 + utf8.length);
  return bytes.buffer;
};

const unknown = { reason: '', pixelAspect: null, imageAreaSettled: null, planes: [], lastFailure: null };
const assessed = { assessed: true, reason: null, ruleFrame: null };

it.each([
  ['hello', { streams: [{ ...row, ...unknown, frames: { captured: 0, unique: 0, repeated: 0, dropped: {} } }] }],
  ['streams', { streams: [{ ...row, ...unknown }] }],
  ['stream', {}],
  ['keyframe', assessed],
  ['stability', { scoredFrame: null }],
  ['frame', { encodedWidth: 1280, encodedHeight: 1024, pixelAspect: 1 }],
  ['mask', { pixelAspect: 1, pixelSpacingMm: null, spacingVoid: null, timing: { traceId: '0'.repeat(32) } }],
  ['snapshot', { pixelAspect: null, keyframe: assessed, stability: [{ scoredFrame: null }] }],
] as const)('parses `%s` of an older server, which has fewer fields', (type, meant) => {
  const message = { ...old[type], later: 'more' };
  const isBinary = type === 'mask' || type === 'frame';
  const decoded = decode(isBinary ? binary(message, type === 'mask' ? [0x80, 0x80, 0x04] : []) : JSON.stringify(message), text);
  expect(decoded).toMatchObject({ kind: 'message', message: { ...message, ...meant } });
});

it('insists on what the contract names', () => {
  for (const [type, message] of Object.entries(old))
    for (const field of Object.keys(message).filter((name) => name !== 'type')) {
      const { [field]: _left, ...less } = message as Fields;
      const decoded = decode(type === 'mask' || type === 'frame' ? binary(less, [0x80, 0x80, 0x04]) : JSON.stringify(less), text);
      expect([type, field, decoded.kind]).toEqual([type, field, 'problem']);
    }
  for (const field of Object.keys(row)) {
    const { [field]: _left, ...less } = row;
    expect([field, z.safeParse(streamRow, less).success]).toEqual([field, false]);
  }
});

it('lets the page read the rows of such a server', () => {
  expect(z.array(streamRow).parse([row])).toMatchObject([{ ...row, ...unknown }]);
});
