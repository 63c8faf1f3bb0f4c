import WebSocket from 'ws';
import fc from 'fast-check';
import { parseClientMessage } from '../../src/protocol/client-message';
import { clientExamples } from '../../src/protocol/client-message-docs';
import { parseServerMessage } from '../../src/protocol/parse-server-message';
import { Script } from '../push/scripted';
import { serving, stopServing, type Serving } from '../push/serving';
import { holds, keptTexts, mustBeOneLine } from './fuzz';
import { mustBeUnpolluted, mutatedJson } from './mutated-json';
import { anyBytes } from './mutations';

const examples = [
  ...Object.values(clientExamples),
  { type: 'subscribe', streams: ['a'], topics: ['frame'] },
  { type: 'subscribe' },
  { type: 'painted', stream: 'a', seq: 4, frame: 1, paintedAt: Date.now() },
];
const messages = mutatedJson(examples);

holds(
  "a screen's message is parsed, or refused in one line",
  messages,
  (text) => {
    const message = parseClientMessage(text);
    if (message.type === 'unreadable') mustBeOneLine(message.why);
    mustBeUnpolluted();
  },
  { kept: keptTexts('client-messages') },
);

let server: Serving;
let socket: WebSocket;
let answers: string[] = [];
let answered: () => void = () => undefined;

/** Mistakes that a connection forgives; one more ends it. */
const FORGIVEN = 4;
let mistakes = 0;

beforeAll(async () => {
  server = await serving({ limits: { messagesPerSecond: Infinity, subscriptionsPerSecond: Infinity } });
  const s = new Script('a');
  server.say(s.state('live'), s.picture(), s.run('r1', 'started', 2), s.keyFrame('r1', 1, 'stabilised'), s.mask('r1', 1, 'stabilised'));
  await reopen();
});
afterAll(async () => {
  socket.terminate();
  await stopServing();
});

async function reopen(): Promise<void> {
  mistakes = 0;
  socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, ['angiocast.v1']);
  socket.on('message', (data: Buffer, isBinary) => {
    const text = isBinary ? data.subarray(4, 4 + data.readUInt32LE(0)).toString() : data.toString();
    answers.push(text);
    if (text.startsWith('{"type":"clock"') && text.includes('"t0":-77777')) answered();
  });
  await new Promise((resolve) => socket.once('open', resolve));
}

holds(
  'an open connection answers whatever it gets with a message of the protocol, and goes on',
  fc.oneof({ weight: 9, arbitrary: messages }, { weight: 1, arbitrary: anyBytes }),
  async (said) => {
    answers = [];
    const heard = new Promise<void>((resolve) => (answered = resolve));
    socket.send(said);
    socket.send('{"type":"clock","t0":-77777}');
    await heard;
    for (const answer of answers) {
      expect(parseServerMessage(JSON.parse(answer))).toMatchObject({ kind: 'message' });
      if (answer.startsWith('{"type":"error"')) mistakes += 1;
    }
    if (mistakes < FORGIVEN) return;
    socket.terminate();
    await reopen();
  },
);
