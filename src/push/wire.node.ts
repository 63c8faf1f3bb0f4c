import type { Envelope, ServerMessage } from './protocol';

/** A text message: the envelope first, then what is said. */
export function text(envelope: Envelope, message: ServerMessage): Buffer {
  return Buffer.from(json(envelope, message), 'utf8');
}

/** A binary message: uint32 little-endian N, N bytes of UTF-8 JSON, then the payload. */
export function binary(envelope: Envelope, message: ServerMessage, payload: Uint8Array): Buffer {
  const head = text(envelope, message);
  const bytes = Buffer.allocUnsafe(4 + head.length + payload.length);
  bytes.writeUInt32LE(head.length, 0);
  head.copy(bytes, 4);
  bytes.set(payload, 4 + head.length);
  return bytes;
}

function json({ seq, stream, at }: Envelope, { type, ...rest }: ServerMessage): string {
  return JSON.stringify({ type, seq, stream, at, ...rest });
}
