import { clientMessages } from './client-message';
import { fieldDocs } from './field-docs';
import { serverMessages } from './messages';
import { schemaDoc, messageDoc, type SchemaDoc } from './schema-docs';

const { Stream: stream, StabilityFacts: stability, KeyFrameFacts: keyFrame } = fieldDocs;
const { state, reason, detail, replayedRun } = stream.fields;
const { run, frame, status, capturedAt } = keyFrame.fields;
const phase = 'started, with the second acquisition of the run, or ended';
const startedAt = 'When the first acquisition of the run was captured';

/** What each message of the server says, in words; a message without them does not compile. */
export const serverMessageDocs: Readonly<Record<keyof typeof serverMessages, SchemaDoc>> = {
  hello: messageDoc(serverMessages.hello, 'The first message of every connection', {
    protocol: 'The subprotocol',
    server: 'angiocast/VERSION',
    epoch: 'Changes with every start of the server; seq counts anew with it',
    streams: 'All streams of the server, as GET /api/v1/streams',
  }),
  streams: messageDoc(serverMessages.streams, 'Streams came, went or got another name: what hello said of them is out of date', {
    streams: 'All streams of the server from now on, as GET /api/v1/streams',
  }),
  snapshot: messageDoc(
    serverMessages.snapshot,
    'The present state of one stream, which replaces what was known of it: after hello (unless resumed), after subscribe, after an overflow. ' +
      'Its seq is one less than that of the first message that follows to complete it',
    {
      head: 'The number of the newest message summed up here',
      state,
      reason,
      detail,
      replayedRun,
      width: 'Width of the captured picture in pixels; null until one arrived',
      height: 'Height of the captured picture in pixels; null until one arrived',
      pixelAspect: stream.fields.pixelAspect,
      imageArea: 'Where the X-ray image lies in the captured picture; null until one arrived',
      run: 'The id of the latest run; null before the first',
      phase: `${phase}; null before the first run`,
      acquisitions: 'Acquisitions of the run so far',
      startedAt: `${startedAt}; null before the first run`,
      keyframe: 'The latest key frame of the run; null while there is none',
      mask: 'The valid mask; its own message follows to those who subscribed to mask. Null: no mask is valid',
      frame: 'The latest picture; null before the first. Its own message follows to those who subscribed to frame',
      stability: 'Of the run so far, oldest first, the latest 200',
    },
  ),
  stream: messageDoc(serverMessages.stream, 'The state of the stream changed', { state, reason, detail, replayedRun }),
  run: messageDoc(serverMessages.run, 'A run began or ended', {
    run,
    phase,
    acquisitions: 'Acquisitions of the run so far',
    startedAt,
  }),
  stability: messageDoc(serverMessages.stability, 'Once per acquisition of a run: how still the image is', stability.fields),
  keyframe: messageDoc(serverMessages.keyframe, 'A key frame was declared', keyFrame.fields),
  mask: messageDoc(
    serverMessages.mask,
    'Where a key frame shows tumour. Binary; the payload holds row-major run lengths as unsigned LEB128, starting with the zeros; they add up to ' +
      'width × height',
    {
      ...{ run, frame, status, capturedAt },
      width: 'Columns of the grid of the mask',
      height: 'Rows of the grid of the mask',
      encoding: 'How the payload is written',
      threshold: 'The tumour probability from which a pixel counts',
      imageArea: 'The part of the captured picture that the grid covers',
      pixelAspect: 'Width of a captured pixel over its height: 1 where pixels are square',
      pixelSpacingMm: 'Millimetres per row of captured pixels, with which sizes were turned into mm; null: unknown, or void',
      spacingVoid:
        'Why the configured pixel spacing does not hold any more and sizes have no mm, for people; null: it holds, or there is none',
      lesions: 'The tumour regions, the largest first',
      liver: 'The liver',
      paddedFrames: 'How many of the images before the key frame were missing and stood in for by the oldest',
      model: 'The model that saw it',
      provider: 'The execution provider that computed it: cpu, webgpu, cuda, …',
      timing: 'When what happened to it',
    },
  ),
  invalid: messageDoc(serverMessages.invalid, 'From now on that mask is history. Comes with topic mask', {
    ...{ run, frame },
    reason:
      'new-run: another run began; scene-change: the image changed too much; source-lost: the source is gone; superseded: another mask takes its place',
  }),
  frame: messageDoc(serverMessages.frame, 'A captured picture, once per unique acquisition. Binary; the payload is a grey image', {
    run: 'The id of its run; null: it belongs to none',
    frame: 'Its index within the run; null: it belongs to none',
    capturedAt,
    width: 'Pixels across of the captured picture, in which masks are placed, whatever the size of the payload',
    height: 'Pixels down of the captured picture',
    encodedWidth: 'Pixels across of the payload: those of the captured picture, or fewer for who asked for a maxWidth',
    encodedHeight: 'Pixels down of the payload',
    pixelAspect: 'Width of a captured pixel over its height: the picture is shown so many times as wide as its pixels count',
    encoding: 'How the payload is written',
    repeated: 'Always false: repeats are not sent',
  }),
  loss: messageDoc(serverMessages.loss, 'You did not get something', {
    topic: 'What kind of messages',
    from: 'The seq of the first of them',
    to: 'The seq of the last of them',
    count: 'How many',
    reason:
      'slow-client: you did not read fast enough; overflow: nor the important messages, a snapshot follows; superseded: masks that are history; ' +
      'encoder-behind: nobody got that picture; expired: too old to be sent again',
  }),
  error: messageDoc(serverMessages.error, 'What you said or asked for made no sense', {
    code: 'bad-message, too-fast, unknown-stream, unknown-topic, bad-since, bad-max-width; there may be more',
    message: 'What was expected and what came, for people',
  }),
  clock: messageDoc(
    serverMessages.clock,
    'The answer to clock. With t3 on arrival, your clock plus ((t1 − t0) + (t2 − t3)) / 2 is the server’s',
    {
      t0: 'As you sent it',
      t1: 'When your message was received',
      t2: 'When this was sent',
    },
  ),
  alive: messageDoc(
    serverMessages.alive,
    'The server works, and had nothing else to say: it is heard at least once a second. Who hears nothing for 3 s shows what may be old, and says so',
    {},
  ),
};

/** What a screen may say, in words. */
export const clientMessageDocs: Readonly<Record<keyof typeof clientMessages, SchemaDoc>> = {
  subscribe: schemaDoc(clientMessages.subscribe, 'From now on hear this instead. A snapshot of each stream follows', {
    type: 'Which message this is',
    streams: 'Ids of streams; none means all',
    topics: 'Topics; none means all but frame',
    maxWidth: 'How many pixels wide pictures may be at most; left out or null: as captured',
  }),
  clock: schemaDoc(clientMessages.clock, 'Asks for the time of the server; answered by clock', {
    type: 'Which message this is',
    t0: 'Your time of sending, in milliseconds; comes back unchanged',
  }),
  painted: schemaDoc(clientMessages.painted, 'A mask was on the glass; feeds the histogram of annotation delays', {
    type: 'Which message this is',
    stream: 'The stream of the mask',
    seq: 'The seq of the mask',
    frame: 'The frame of the mask; may be left out',
    paintedAt: 'When it was on the glass: milliseconds since the Unix epoch, on the clock of the server',
  }),
};
