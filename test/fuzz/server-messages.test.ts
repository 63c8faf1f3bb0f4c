import fc from 'fast-check';
import { serverExamples } from '../../src/protocol/message-docs';
import { encodeBinary } from '../../src/push/websocket/encode-message.node';
import { toMaskMessage } from '../../src/push/websocket/to-message';
import { Client } from '../../src/receive/client';
import { decode, decodeMask } from '../../src/receive/decode';
import { Script } from '../push/scripted';
import { FakePlatform } from '../receive/fake-platform';
import { holds, keptTexts, mustBeOneLine } from './fuzz';
import { mustBeUnpolluted, mutatedJson } from './mutated-json';
import { anyBytes, mutatedBytes } from './mutations';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const event = new Script('a', () => 1).mask('r1', 3, 'final');
if (event.kind !== 'mask') throw new Error('Expected a mask');
const mask = encodeBinary(
  { seq: 1, stream: 'a', at: 1 },
  toMaskMessage(event, 2, '5f1c0e6b9d7a4c3e8b2f6a1d0c9e7b35'),
  event.mask.runLengths,
);
const frame = encodeBinary({ seq: 1, stream: 'a', at: 1 }, serverExamples.frame, Uint8Array.of(255, 216, 255));
const packed = (json: string, payload: Uint8Array): Uint8Array => {
  const head = Buffer.from(json);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return Uint8Array.from(Buffer.concat([length, head, payload]));
};

const said = mutatedJson(Object.values(serverExamples));
const packets = fc.oneof(
  mutatedBytes(fc.constantFrom(Uint8Array.from(mask), Uint8Array.from(frame))),
  fc.tuple(mutatedJson([serverExamples.mask, serverExamples.frame]), anyBytes).map(([json, payload]) => packed(json, payload)),
  anyBytes,
);
const data: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: said },
  { weight: 4, arbitrary: packets.map((bytes) => bytes.buffer) },
  { weight: 1, arbitrary: fc.anything() },
);

holds(
  "a server's message is parsed, or refused in one line",
  data,
  (received) => {
    const decoded = decode(received, text);
    mustBeUnpolluted();
    if (decoded.kind === 'problem') return mustBeOneLine(decoded.problem.detail);
    if (decoded.message.type === 'mask')
      expect(decodeMask({ ...decoded.message, payload: decoded.payload }).every((bit) => bit < 2)).toBe(true);
  },
  { kept: keptTexts('server-messages') },
);

holds(
  'a client survives whatever a server sends: it has the time, sends only valid requests, and reconnects',
  fc.array(data, { maxLength: 12 }),
  (messages) => {
    const fake = new FakePlatform();
    const client = new Client({ url: 'http://server.example/' }, fake.platform);
    client.on('problem', ({ detail }) => mustBeOneLine(detail));
    fake.socket.receives(serverExamples.hello);
    for (const message of messages) {
      fake.socket.onmessage?.({ data: message });
      fake.pass(300);
    }
    expect(Number.isFinite(client.now())).toBe(true);
    fake.socket.breaks();
    fake.pass(60_000);
    expect(fake.sockets.length).toBeGreaterThan(1);
    expect(fake.socket.url.length).toBeLessThan(8192);
    client.close();
    expect(fake.waiting).toBe(0);
  },
  { kept: [[...keptTexts('server-messages')]] },
);
