import { encodeBinary, encodeText } from '../../src/push/websocket/encode-message.node';

const envelope = { seq: 7, stream: 'a', at: 1 };
const message = { type: 'stream', state: 'held', reason: 'é' } as const;

it('writes the envelope first, then the message, then the payload', () => {
  const said = '{"type":"stream","seq":7,"stream":"a","at":1,"state":"held","reason":"é"}';
  expect(encodeText(envelope, message).toString()).toBe(said);
  const bytes = encodeBinary(envelope, message, Uint8Array.of(1, 2));
  expect(bytes.readUInt32LE(0)).toBe(Buffer.byteLength(said));
  expect(bytes.subarray(4).toString()).toBe(`${said}\u0001\u0002`);
});

it.each([
  ['text', encodeText(envelope, message)],
  ['binary', encodeBinary(envelope, message, Uint8Array.of(1, 2))],
])('a %s message that is kept keeps nothing else alive', (_, bytes) => {
  expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
});
