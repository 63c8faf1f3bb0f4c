import WebSocket from 'ws';

export interface Heard {
  readonly type: string;
  readonly seq: number;
  readonly stream: string | null;
  readonly at: number;
  readonly payload: Buffer | null;
  readonly [field: string]: unknown;
}

/** An independent screen: written from the protocol document, without code of the server. */
export class Screen {
  /** Without `alive`, whose times vary. */
  readonly heard: Heard[] = [];
  /** When anything came, `alive` too. */
  readonly heardAt: number[] = [];
  closeCode: number | null = null;
  readonly socket: WebSocket;
  private waiting: (() => void)[] = [];

  constructor(port: number, query = '', options: WebSocket.ClientOptions = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/ws${query}`, ['angiocast.v1'], options);
    this.socket.on('message', (data: Buffer, isBinary: boolean) => {
      const said: Heard = isBinary ? decodeBinary(data) : { ...JSON.parse(data.toString()), payload: null };
      this.heardAt.push(Date.now());
      if (said.type !== 'alive') this.heard.push(said);
      this.waiting.splice(0).forEach((look) => look());
    });
    this.socket.on('close', (code) => {
      this.closeCode = code;
      this.waiting.splice(0).forEach((look) => look());
    });
    this.socket.on('error', () => undefined);
  }

  of(...types: string[]): Heard[] {
    return this.heard.filter(({ type }) => types.includes(type));
  }

  /** Resolves once the messages satisfy `enough`. */
  async until(enough: (screen: this) => boolean, what = 'the expected messages', withinMs = 4000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!enough(this)) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`Waited in vain for ${what}; heard ${this.heard.map(({ type, seq }) => `${type} ${seq}`).join(', ')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  close(): void {
    this.socket.terminate();
  }
}

/** uint32 little-endian N, N bytes of JSON, payload. */
export function decodeBinary(data: Buffer): Heard {
  const length = data.readUInt32LE(0);
  return { ...JSON.parse(data.subarray(4, 4 + length).toString('utf8')), payload: data.subarray(4 + length) };
}

/** Run lengths as unsigned LEB128, starting with the zeros. */
export function decodeRunLengths(payload: Buffer): number[] {
  const lengths: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of payload) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte < 128) {
      lengths.push(value);
      value = 0;
      scale = 1;
    }
  }
  return lengths;
}
