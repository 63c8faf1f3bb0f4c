import type { Platform, Socket } from '../../src/receive/platform';

/** A machine without a network: the test answers its sockets and lets its time pass. */
export class FakePlatform {
  readonly sockets: FakeSocket[] = [];
  time = 1_000_000;
  private timers: { at: number; work: () => void }[] = [];

  readonly platform: Platform = {
    open: (url, subprotocols) => {
      const socket = new FakeSocket(url, subprotocols);
      this.sockets.push(socket);
      return socket;
    },
    now: () => this.time,
    random: () => 0.5,
    later: (milliseconds, work) => {
      const timer = { at: this.time + milliseconds, work };
      this.timers.push(timer);
      return () => void (this.timers = this.timers.filter((other) => other !== timer));
    },
    text: (bytes) => new TextDecoder().decode(bytes),
  };

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error('Expected a socket');
    return last;
  }

  /** Timers still running: none after `close`. */
  get waiting(): number {
    return this.timers.length;
  }

  pass(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.timers = this.timers.filter((other) => other !== next);
      this.time = Math.max(this.time, next.at);
      next.work();
    }
    this.time = end;
  }
}

export class FakeSocket implements Socket {
  onmessage: Socket['onmessage'] = null;
  onerror: Socket['onerror'] = null;
  onclose: Socket['onclose'] = null;
  readonly sent: { readonly type: string; readonly [field: string]: unknown }[] = [];
  closed = false;

  constructor(
    readonly url: string,
    readonly subprotocols: readonly string[],
  ) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  /** Receives messages of the server, as JSON. */
  receives(...messages: readonly object[]): void {
    for (const message of messages) this.onmessage?.({ data: JSON.stringify({ seq: 0, stream: null, at: 0, ...message }) });
  }

  /** Loses the server, or the network. */
  breaks(reason = '', code = 1006): void {
    this.onclose?.({ code, reason });
  }
}

export const hello = (epoch = 'e1') => ({ type: 'hello', protocol: 'angiocast.v1', server: 'angiocast/0', epoch, streams: [] });
export const state = (seq: number, stream = 'a') => ({ type: 'stream', seq, stream, at: 1, state: 'live', reason: '' });
