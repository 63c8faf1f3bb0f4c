import type { ClientMessage } from '../push/client-message';
import type { Envelope, ServerMessage } from '../push/protocol';
import type { Received } from './stream-view';

export interface ConnectionEvents {
  readonly opened: () => void;
  readonly closed: () => void;
  readonly received: (received: Received & { readonly stream: string | null }) => void;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5000;
const CLOCK_EVERY_MS = 5000;
/** No message, not even the answer to a `clock`, for so long: the connection is dead, whatever the socket says. */
const SILENCE_MS = 12_000;

/** The socket to the server: comes back by itself, resumes where it was, and knows the server's clock. */
export class Connection {
  private socket: WebSocket | null = null;
  private retryMs = FIRST_RETRY_MS;
  private heardAt = 0;
  private epoch: string | null = null;
  private seq = -1;
  private roundTrips: { readonly milliseconds: number; readonly offset: number }[] = [];

  constructor(
    private stream: string,
    private readonly token: string | null,
    private readonly events: ConnectionEvents,
  ) {
    this.open();
    setInterval(() => this.keepTime(), CLOCK_EVERY_MS);
  }

  /** Shows another stream. */
  choose(stream: string): void {
    this.stream = stream;
    this.seq = -1;
    this.again();
  }

  say(message: ClientMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Asks to be told the present anew. */
  again(): void {
    this.say({ type: 'subscribe', streams: this.stream === '' ? [] : [this.stream], topics: [...topics] });
  }

  /** The server's clock, as well as the fastest of the last answers tells. */
  now(): number {
    const best = this.roundTrips.reduce(
      (a, b) => (b.milliseconds < a.milliseconds ? b : a),
      this.roundTrips[0] ?? { milliseconds: 0, offset: 0 },
    );
    return localNow() + best.offset;
  }

  private open(): void {
    const url = new URL('ws', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.search = '';
    if (this.stream !== '') url.searchParams.set('stream', this.stream);
    url.searchParams.set('topics', topics.join(','));
    if (this.token !== null) url.searchParams.set('token', this.token);
    if (this.epoch !== null && this.seq >= 0) {
      url.searchParams.set('since', String(this.seq));
      url.searchParams.set('epoch', this.epoch);
    }
    const socket = new WebSocket(url, 'angiocast.v1');
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.heardAt = localNow();
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => this.hear(data);
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.events.closed();
      setTimeout(() => this.open(), this.retryMs * (0.8 + Math.random() * 0.4));
      this.retryMs = Math.min(LAST_RETRY_MS, this.retryMs * 2);
    };
  }

  private hear(data: string | ArrayBuffer): void {
    const received = decode(data);
    const { message } = received;
    this.heardAt = localNow();
    if (message.type === 'hello') {
      if (this.epoch !== message.epoch) this.seq = -1;
      this.epoch = message.epoch;
      this.retryMs = FIRST_RETRY_MS;
      for (let count = 0; count < 5; count += 1) setTimeout(() => this.keepTime(), count * 200);
      this.events.opened();
    }
    if (message.type === 'clock') {
      const t3 = localNow();
      const milliseconds = t3 - message.t0 - (message.t2 - message.t1);
      this.roundTrips = [...this.roundTrips, { milliseconds, offset: (message.t1 - message.t0 + message.t2 - t3) / 2 }].slice(-8);
    }
    if (received.stream !== null) this.seq = message.type === 'snapshot' ? received.seq : Math.max(this.seq, received.seq);
    this.events.received(received);
  }

  private keepTime(): void {
    if (this.socket && localNow() - this.heardAt > SILENCE_MS) {
      const { socket } = this;
      socket.close();
      socket.onclose?.(new CloseEvent('close'));
    }
    this.say({ type: 'clock', t0: localNow() });
  }
}

const topics = ['mask', 'keyframe', 'run', 'stability', 'stream', 'frame'] as const;

function localNow(): number {
  return performance.timeOrigin + performance.now();
}

function decode(data: string | ArrayBuffer): Received & { readonly stream: string | null } {
  const length = typeof data === 'string' ? 0 : new DataView(data).getUint32(0, true);
  const text = typeof data === 'string' ? data : new TextDecoder().decode(new Uint8Array(data, 4, length));
  const message = JSON.parse(text) as ServerMessage & Envelope;
  const payload = typeof data === 'string' ? new Uint8Array() : new Uint8Array(data, 4 + length);
  return { message, seq: message.seq, stream: message.stream, payload };
}
