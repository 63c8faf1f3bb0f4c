import { connect, type Socket } from 'node:net';

/** What a server answered until it or we closed; rejects when neither happens in time. */
export function exchange(port: number, bytes: Uint8Array, withinMs = 10_000): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const said: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => void socket.end(bytes));
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`Expected an answer or the end of the connection within ${withinMs} ms`));
    }, withinMs);
    socket.on('data', (piece) => said.push(piece));
    // A server may close while we still write.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(said));
    });
  });
}

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** The request that opens a WebSocket, as its lines. */
export const handshake = (path = '/ws'): readonly string[] => [
  `GET ${path} HTTP/1.1`,
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  `Sec-WebSocket-Key: ${KEY}`,
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Protocol: angiocast.v1',
];

export const request = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;

/** A socket with an open WebSocket, the server's messages unread. */
export function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => void socket.write(request(handshake())));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      if (answer.toString('latin1').startsWith('HTTP/1.1 101')) resolve(socket);
      else reject(new Error(`Expected a WebSocket, got ${answer.toString('latin1')}`));
    });
  });
}

/** One frame of a client; `length` may lie. */
export interface Frame {
  readonly final: boolean;
  readonly reserved: number;
  readonly opcode: number;
  readonly masked: boolean;
  readonly payload: Uint8Array;
  readonly length: number | null;
}

export function frameBytes({ final, reserved, opcode, masked, payload, length: said }: Frame): Buffer {
  const length = said ?? payload.length;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = (final ? 0x80 : 0) | ((reserved & 7) << 4) | (opcode & 15);
  head[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  // Zeros are sent as they are, which unmasks to other bytes of the same length.
  const mask = masked ? [Buffer.from([1, 2, 3, 4])] : [];
  const hidden = masked && payload.some((byte) => byte !== 0) ? payload.map((byte, i) => byte ^ ((i % 4) + 1)) : payload;
  return Buffer.concat([head, ...mask, hidden]);
}
