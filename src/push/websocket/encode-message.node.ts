import type { Envelope, ServerMessage } from '../../protocol/messages';

/** A text message: the envelope first, then what is said. */
export function encodeText(envelope: Envelope, message: ServerMessage): Buffer {
  const said = json(envelope, message);
  const bytes = owned(Buffer.byteLength(said));
  bytes.write(said);
  return bytes;
}

/** A binary message: uint32 little-endian N, N bytes of UTF-8 JSON, then the payload. */
export function encodeBinary(envelope: Envelope, message: ServerMessage, payload: Uint8Array): Buffer {
  const head = encodeText(envelope, message);
  const bytes = owned(4 + head.length + payload.length);
  bytes.writeUInt32LE(head.length, 0);
  head.copy(bytes, 4);
  bytes.set(payload, 4 + head.length);
  return bytes;
}

/** Not from Node's pool: messages are kept for who comes back, and the smallest would keep the 8 KiB alive that it shares with what is long gone. */
const owned = (size: number): Buffer => Buffer.allocUnsafeSlow(size);

function json({ seq, stream, at }: Envelope, { type, ...rest }: ServerMessage): string {
  return JSON.stringify({ type, seq, stream, at, ...rest });
}
