import { clientMessages } from './client-message';
import { clientMessageDoc, examplesOf, type MessageDoc } from './schema-docs';

/** What each message of a client says, with an example; a message without them does not compile. */
export const clientMessageDocs = {
  subscribe: clientMessageDoc(
    clientMessages.subscribe,
    'From now on hear this instead. A snapshot of each stream follows',
    {
      streams: 'Ids of streams; none means all',
      topics: 'Topics; none means all but `frame`',
      maxWidth: 'How many pixels wide pictures may be at most; left out or null: as captured',
    },
    { type: 'subscribe', streams: ['suite-1'], topics: ['mask', 'keyframe', 'frame'], maxWidth: 960 },
  ),
  clock: clientMessageDoc(
    clientMessages.clock,
    'Asks for the time of the server; answered by `clock`',
    { t0: 'Your time of sending; comes back unchanged' },
    { type: 'clock', t0: 1795473600391 },
  ),
  painted: clientMessageDoc(
    clientMessages.painted,
    'A mask was on the glass; feeds `angiocast_annotation_delay_seconds{until="painted"}`',
    {
      stream: 'The stream of the mask',
      seq: 'The `seq` of the mask',
      frame: 'The frame of the mask; may be left out',
      paintedAt: 'When it was on the glass, on the clock of the server',
    },
    { type: 'painted', stream: 'suite-1', seq: 218, frame: 17, paintedAt: 1795473600433.5 },
  ),
} satisfies Readonly<Record<keyof typeof clientMessages, MessageDoc>>;

export const clientExamples = examplesOf(clientMessageDocs);
