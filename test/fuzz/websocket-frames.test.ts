import fc from 'fast-check';
import { clientExamples } from '../../src/protocol/client-message-docs';
import { Script } from '../push/scripted';
import { serving, stopServing, type Serving } from '../push/serving';
import { held, holds } from './fuzz';
import { anyBytes, mutatedBytes } from './mutations';
import { exchange, type Frame, frameBytes, handshake, opened, request } from './raw';

let server: Serving;
beforeAll(async () => {
  server = await serving();
  const s = new Script('a');
  server.say(s.state('live'), s.picture(), s.run('r1', 'started', 2), s.keyFrame('r1', 1, 'stabilised'), s.mask('r1', 1, 'stabilised'));
});
afterAll(stopServing);

const texts = Object.values(clientExamples).map((message) => Uint8Array.from(Buffer.from(JSON.stringify(message))));
const frame: fc.Arbitrary<Frame> = fc.record({
  final: fc.boolean(),
  reserved: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(7) }),
  opcode: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(0, 1, 2, 8, 9, 10) }, { weight: 1, arbitrary: fc.nat(15) }),
  masked: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  payload: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...texts, new Uint8Array(0), new Uint8Array(125)) },
    { weight: 8, arbitrary: anyBytes },
    { weight: 1, arbitrary: fc.constant(new Uint8Array(70_000)) },
  ),
  length: fc.oneof(
    { weight: 9, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(0, 126, 65_535, 65_536, 2 ** 31, 2 ** 52) },
  ),
});
const frames = fc.array(frame, { minLength: 1, maxLength: 12 }).map((list) => Uint8Array.from(Buffer.concat(list.map(frameBytes))));
const opening = Buffer.from(request(handshake()));

async function mustStillAnswer(): Promise<void> {
  expect((await server.get('/healthz')).status).toBe(200);
  const clients = /angiocast_clients\{topic="mask"\} (\d+)/.exec(await (await server.get('/metrics')).text())?.[1];
  // A connection that we have closed is still known for a moment.
  expect(Number(clients)).toBeLessThan(8);
}

holds(
  'frames that break the rules end their connection, and the server goes on',
  fc.oneof({ weight: 3, arbitrary: frames }, { weight: 1, arbitrary: mutatedBytes(frames) }, { weight: 1, arbitrary: anyBytes }),
  async (bytes) => {
    const said = await exchange(server.port, Buffer.concat([opening, bytes]));
    expect(said.toString('latin1')).toMatch(/^HTTP\/1\.1 101 /);
    if (bytes.length % 16 === 0) await mustStillAnswer();
  },
);

/** What a client may send for ever without reading what comes back. */
const floods: readonly (readonly [string, Frame])[] = [
  ['pings', { final: true, reserved: 0, opcode: 9, masked: true, payload: new Uint8Array(125), length: null }],
  ['pongs', { final: true, reserved: 0, opcode: 10, masked: true, payload: new Uint8Array(125), length: null }],
  ['empty fragments', { final: false, reserved: 0, opcode: 0, masked: true, payload: new Uint8Array(0), length: null }],
  ['small fragments', { final: false, reserved: 0, opcode: 0, masked: true, payload: new Uint8Array(1), length: null }],
  ['messages', { final: true, reserved: 0, opcode: 1, masked: true, payload: texts[1] ?? new Uint8Array(), length: null }],
  ['empty messages', { final: true, reserved: 0, opcode: 2, masked: true, payload: new Uint8Array(0), length: null }],
];

const FLOOD_BYTES = 48 * 1024 * 1024;

it.each(floods)('a client that floods with %s and never reads takes a bounded memory', async (_, flood) => {
  const socket = await opened(server.port);
  socket.pause();
  socket.setMaxListeners(0);
  if (flood.opcode === 0) socket.write(frameBytes({ ...flood, opcode: 1, payload: new Uint8Array(1) }));
  const one = frameBytes(flood);
  const block = Buffer.concat(Array.from({ length: Math.ceil(262_144 / one.length) }, () => one));
  const before = await held();
  for (let sent = 0; sent < FLOOD_BYTES && !socket.destroyed; sent += block.length) {
    if (socket.write(block)) continue;
    await Promise.race(['drain', 'close'].map((event) => new Promise((resolve) => socket.once(event, resolve))));
  }
  expect((await held()) - before).toBeLessThan(20 * 1024 * 1024);
  socket.destroy();
  await mustStillAnswer();
});
