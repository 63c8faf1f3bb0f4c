import type { Envelope, ServerMessage } from '../../protocol/messages';

/** A text message as UTF-8 JSON, the envelope first. */
export function encodeText(envelope: Envelope, message: ServerMessage): Buffer {
  const text = json(envelope, message);
  const bytes = unpooled(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/** A binary message: uint32 little-endian N, N bytes of UTF-8 JSON, then the payload. */
export function encodeBinary(envelope: Envelope, message: ServerMessage, payload: Uint8Array): Buffer {
  const head = encodeText(envelope, message);
  const bytes = unpooled(4 + head.length + payload.length);
  bytes.writeUInt32LE(head.length, 0);
  head.copy(bytes, 4);
  bytes.set(payload, 4 + head.length);
  return bytes;
}

/** Not from Node's pool: a small message kept for replay would keep its whole 8 KiB slab alive. */
const unpooled = (size: number): Buffer => Buffer.allocUnsafeSlow(size);

function json({ seq, stream, at }: Envelope, { type, ...rest }: ServerMessage): string {
  return JSON.stringify({ type, seq, stream, at, ...rest });
}
