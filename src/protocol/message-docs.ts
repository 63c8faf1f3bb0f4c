import { fieldDocs } from './field-docs';
import * as example from './field-examples';
import { PROTOCOL, serverMessages } from './messages';
import { examplesOf, serverMessageDoc, type MessageDoc } from './schema-docs';

const { Stream: stream, StabilityFacts: stability, KeyFrameFacts: keyFrame } = fieldDocs;
const { state, reason, detail, replayedRun, imageArea, provider } = stream.fields;
const { run, frame, status, capturedAt } = keyFrame.fields;
const phase = '`started`, with the second acquisition of the run, or `ended`';
const startedAt = 'When the first acquisition of the run was captured';
const { ofSuite, ofNoStream, latest, masked, picture } = example;

/** What each message of the server says, with an example; a message without them does not compile. */
export const serverMessageDocs = {
  hello: serverMessageDoc(
    serverMessages.hello,
    'The first message of every connection',
    {
      protocol: `The subprotocol: \`${PROTOCOL}\``,
      server: '`angiocast/VERSION`',
      epoch: 'Changes with every start of the server; `seq` counts anew with it',
      streams: 'All streams of the server, as `GET /api/v1/streams`',
    },
    {
      ...{ type: 'hello', ...ofNoStream, protocol: PROTOCOL, server: 'angiocast/0.1.0', epoch: '0b9e6f4e-1f6c-4c62-9a53-2f4f4f5f7c11' },
      streams: [example.row],
    },
  ),
  streams: serverMessageDoc(
    serverMessages.streams,
    'Streams came, went or got another name',
    { streams: 'All streams of the server from now on, as `GET /api/v1/streams`' },
    { type: 'streams', ...ofNoStream, streams: [example.row] },
  ),
  snapshot: serverMessageDoc(
    serverMessages.snapshot,
    'The present state of one stream, which replaces what was known of it: after `hello` (unless resumed), after `subscribe`, after an overflow',
    {
      head: 'The number of the newest message summed up here',
      ...{ state, reason, detail, replayedRun },
      width: stream.fields.width,
      height: stream.fields.height,
      pixelAspect: stream.fields.pixelAspect,
      imageArea,
      run: stream.fields.run,
      phase: `${phase}; null before the first run`,
      acquisitions: 'Acquisitions of the run so far',
      startedAt: `${startedAt}; null before the first run`,
      keyframe: 'The latest key frame of the run; null while there is none',
      mask: 'The valid mask, whose message follows to those who subscribed to `mask`; null: none is valid',
      frame: 'The latest picture, whose message follows to those who subscribed to `frame`; null before the first',
      stability: 'Of the run so far, oldest first, the latest 200',
    },
    {
      ...{ type: 'snapshot', ...ofSuite, seq: 215, head: 218, state: 'live', reason: '', ...picture, imageArea: example.imageArea },
      ...{ run: example.run, phase: 'started', acquisitions: 20, startedAt: example.startedAt, keyframe: example.keyFrame },
      ...{ mask: { ...masked, seq: 217 }, frame: latest, stability: [example.stability] },
    },
  ),
  stream: serverMessageDoc(
    serverMessages.stream,
    'The state of the stream changed, or its reason, or the run it shows again',
    { state, reason, detail, replayedRun },
    { type: 'stream', ...ofSuite, state: 'held', reason: 'replay', replayedRun: 'k3v9-1' },
  ),
  run: serverMessageDoc(
    serverMessages.run,
    'A run began or ended',
    { run, phase, acquisitions: 'Acquisitions of the run so far', startedAt },
    { type: 'run', ...ofSuite, run: example.run, phase: 'started', acquisitions: 2, startedAt: example.startedAt },
  ),
  stability: serverMessageDoc(
    serverMessages.stability,
    'Once per acquisition of a run: how still the image is',
    stability.fields,
    { type: 'stability', ...ofSuite, ...example.stability }, // prettier-ignore
  ),
  keyframe: serverMessageDoc(
    serverMessages.keyframe,
    'A key frame was declared',
    keyFrame.fields,
    { type: 'keyframe', ...ofSuite, ...example.keyFrame }, // prettier-ignore
  ),
  mask: serverMessageDoc(
    serverMessages.mask,
    'Where a key frame shows tumour. Binary; the payload is the mask',
    {
      ...{ run, frame, status, capturedAt },
      width: 'Columns of the grid of the mask',
      height: 'Rows of the grid of the mask',
      encoding: 'How the payload is written: row-major run lengths as unsigned LEB128',
      threshold: 'The tumour probability from which a pixel counts',
      imageArea: 'The part of the captured picture that the grid covers',
      pixelAspect: 'Width of a captured pixel over its height: 1 where pixels are square',
      pixelSpacingMm: 'Millimetres in the patient per row of captured pixels, with which sizes were turned into mm; null: unknown, or void',
      spacingVoid:
        'Why the configured pixel spacing does not hold any more, for people (docs/sources.md#millimetres): show it. Null: it holds, or there is none',
      lesions: 'The tumour regions, the largest first; empty when there is none',
      liver: 'The liver',
      paddedFrames: 'How many of the images before the key frame were missing and stood in for by the oldest',
      model: 'The model that saw it',
      provider: provider.replace('; null while no model is loaded', ''),
      timing: 'When what happened to it',
    },
    {
      ...{ type: 'mask', ...ofSuite, ...masked, width: 256, height: 256, encoding: 'rle', threshold: 0.5, imageArea: example.imageArea },
      ...{ pixelAspect: 1, pixelSpacingMm: 0.3, spacingVoid: null, lesions: [example.lesion], liver: example.liver, paddedFrames: 0 },
      ...{ model: example.model, provider: 'cpu', timing: example.timing },
    },
  ),
  invalid: serverMessageDoc(
    serverMessages.invalid,
    'From now on that mask is history. Comes with topic `mask`',
    {
      ...{ run, frame },
      reason:
        '`new-run`: another run began; `scene-change`: the image changed too much; `source-lost`: the source is gone; `superseded`: another mask takes its place',
    },
    { type: 'invalid', ...ofSuite, run: masked.run, frame: masked.frame, reason: 'superseded' },
  ),
  frame: serverMessageDoc(
    serverMessages.frame,
    'A captured picture, once per unique acquisition. Binary; the payload is a grey image',
    {
      ...fieldDocs.LatestPicture.fields,
      width: 'Pixels across of the captured picture, whatever the size of the payload',
      height: 'Pixels down of the captured picture',
      encodedWidth: 'Pixels across of the payload: those of the captured picture, or fewer where `maxWidth` was asked for',
      encodedHeight: 'Pixels down of the payload',
      pixelAspect: 'Width of a captured pixel over its height: 1 where pixels are square',
      encoding: 'How the payload is written',
      repeated: 'Always false: repeats are not sent',
    },
    { type: 'frame', ...ofSuite, ...latest, ...picture, encodedWidth: 960, encodedHeight: 768, encoding: 'jpeg', repeated: false },
  ),
  loss: serverMessageDoc(
    serverMessages.loss,
    'You did not get something',
    {
      topic: 'What kind of messages',
      from: 'The `seq` of the first of them',
      to: 'The `seq` of the last of them',
      count: 'How many',
      reason:
        '`slow-client`: you did not read fast enough; `overflow`: nor the important messages, a snapshot follows; `superseded`: masks that are history; ' +
        '`encoder-behind`: nobody got that picture; `expired`: too old to be sent again',
    },
    { type: 'loss', ...ofSuite, topic: 'frame', from: 203, to: 218, count: 9, reason: 'slow-client' },
  ),
  error: serverMessageDoc(
    serverMessages.error,
    'What you sent or asked for made no sense',
    {
      code: '`bad-message`, `too-fast`, `unknown-stream`, `unknown-topic`, `bad-since`, `bad-max-width`; there may be more',
      message: 'What was expected and what came, for people',
    },
    { type: 'error', ...ofNoStream, code: 'unknown-stream', message: 'No stream "suite-9"' },
  ),
  clock: serverMessageDoc(
    serverMessages.clock,
    'The answer to `clock`. With t3 on arrival, your clock plus ((t1 − t0) + (t2 − t3)) / 2 is the server’s',
    { t0: 'As you sent it', t1: 'When your message was received', t2: 'When this was sent' },
    { type: 'clock', ...ofNoStream, t0: 1795473600391, t1: 1795473600412, t2: example.at },
  ),
  alive: serverMessageDoc(
    serverMessages.alive,
    'Nothing else was sent for most of a second: a server that works sends something every second',
    {},
    { type: 'alive', ...ofNoStream },
  ),
} satisfies Readonly<Record<keyof typeof serverMessages, MessageDoc>>;

export const serverExamples = examplesOf(serverMessageDocs);
