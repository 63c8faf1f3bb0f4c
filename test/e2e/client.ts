import { WebSocket } from 'ws';

/** A message of the server; its other fields are those of the contract, `payload` is that of a binary one. */
export interface Message {
  readonly type: string;
  readonly seq?: number;
  readonly stream?: string;
  readonly at?: number;
  /** When this client had it, in ms since the Unix epoch. */
  readonly receivedAt: number;
  readonly payload?: Buffer;
  readonly [field: string]: unknown;
}

/** A WebSocket client that keeps everything it received. */
export interface Client {
  readonly socket: WebSocket;
  readonly messages: readonly Message[];
  of(type: string): readonly Message[];
  /** The first match, past or future, after `from` others; fails after `withinMs`, listing what came instead. */
  waitFor(what: string, fits: (message: Message) => boolean, withinMs: number, from?: number): Promise<Message>;
  send(message: object): void;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  close(): void;
}

/** Connects with the subprotocol of the contract; fails when the server refuses. */
export async function connect(url: string): Promise<Client> {
  const socket = new WebSocket(url, 'angiocast.v1', { maxPayload: 64 * 1024 * 1024 });
  const messages: Message[] = [];
  const listeners = new Set<(message: Message) => void>();
  socket.on('message', (data: Buffer, isBinary) => {
    const message = isBinary ? parseBinary(data) : parse(data.toString('utf8'));
    messages.push(message);
    for (const listener of listeners) listener(message);
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  return {
    socket,
    messages,
    closed,
    of: (type) => messages.filter((message) => message.type === type),
    send: (message) => socket.send(JSON.stringify(message)),
    close: () => socket.close(),
    waitFor: (what, fits, withinMs, from = 0) =>
      new Promise((resolve, reject) => {
        const past = messages.slice(from).find(fits);
        if (past !== undefined) return resolve(past);
        const finish = (): void => {
          clearTimeout(late);
          listeners.delete(listener);
        };
        const listener = (message: Message): void => {
          if (!fits(message)) return;
          finish();
          resolve(message);
        };
        const late = setTimeout(() => {
          finish();
          reject(new Error(`no ${what} within ${withinMs} ms, but ${tally(messages)}`));
        }, withinMs);
        listeners.add(listener);
      }),
  };
}

function parse(text: string): Message {
  return { ...(JSON.parse(text) as Message), receivedAt: Date.now() };
}

/** uint32 little-endian N, N bytes of UTF-8 JSON, then the payload. */
export function parseBinary(data: Buffer): Message {
  const length = data.readUInt32LE(0);
  return { ...parse(data.toString('utf8', 4, 4 + length)), payload: data.subarray(4 + length) };
}

/** A mask's pixels, 0 or 1 row by row; fails when the runs do not add up to the grid. */
export function maskPixels(mask: Message): Uint8Array {
  const pixels = new Uint8Array(Number(mask.width) * Number(mask.height));
  let [position, value, run, shift] = [0, 0, 0, 0];
  for (const byte of mask.payload ?? Buffer.alloc(0)) {
    run += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte & 0x80) continue;
    pixels.fill(value, position, position + run);
    position += run;
    [value, run, shift] = [1 - value, 0, 0];
  }
  if (position !== pixels.length) throw new Error(`a mask's runs add up to ${position}, not ${pixels.length}`);
  return pixels;
}

function tally(messages: readonly Message[]): string {
  const counts = new Map<string, number>();
  for (const { type } of messages) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => `${count} ${type}`).join(', ') || 'nothing at all';
}
