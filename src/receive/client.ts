import type { ClientMessage } from '../protocol/client-message';
import { type AnyReceived, type ClientEvents, type ConnectionState, Listeners } from './client-events';
import { decode, short } from './decode';
import { type Platform, type Socket, Timers } from './platform';
import { after, begunAnew, inEpoch, nowhere, type Position } from './position';
import { backOff, pauseAfter, Silence, whyRefused } from './reconnect';
import { bestReading, withRoundTrip, type ClockReading } from './server-clock';
import { type ClientOptions, connectionQuery, socketAddress, subprotocols, type Wish, wishOf } from './subscription';

const CLOCK_EVERY_MS = 5000;
const CLOCK_AT_FIRST_MS = [0, 200, 400, 600, 800];
/** A connection that held for so long was a good one: the next pause is short again. */
const GOOD_AFTER_MS = 10_000;

/** A connection to angiocast that comes back by itself, resumes where it was, and knows the server's clock. Ends with `close`. */
export class Client {
  private readonly listeners: Listeners<ClientEvents>;
  private readonly address: string;
  private wish: Wish;
  /** What the server was last asked for. */
  private asked: Wish;
  private state: ConnectionState = 'connecting';
  private socket: Socket | null = null;
  private position: Position = nowhere;
  private readings: readonly ClockReading[] = [];
  private attempt = 0;
  private openedAt = 0;
  private silence: Silence | null = null;
  private readonly timers: Timers;
  private isRefused = false;

  constructor(
    private readonly options: ClientOptions,
    private readonly platform: Platform,
  ) {
    this.address = socketAddress(options.url);
    this.wish = wishOf(options);
    this.asked = this.wish;
    this.timers = new Timers(platform);
    this.listeners = new Listeners((work) => platform.later(0, work));
    this.open();
  }

  get connection(): ConnectionState {
    return this.state;
  }

  /** How the server's clock stands to this one; null before the first answer. */
  get clock(): ClockReading | null {
    return bestReading(this.readings);
  }

  private get isOpen(): boolean {
    return this.state === 'open' || this.state === 'silent';
  }

  /** The server's clock, milliseconds since the Unix epoch. */
  now(): number {
    return this.platform.now() + (this.clock?.offsetMs ?? 0);
  }

  /** Calls `listener` at every event of that name until what it returns is called. */
  on<K extends keyof ClientEvents>(name: K, listener: (event: ClientEvents[K]) => void): () => void {
    return this.listeners.add(name, listener);
  }

  /** From now on hear this instead; what is left out stays as it was. A snapshot of each stream follows. */
  subscribe(wish: Partial<Wish>): void {
    this.wish = wishOf({ ...this.wish, ...wish });
    this.position = begunAnew(this.position);
    if (this.isOpen) this.ask();
  }

  /** Tells the server when a mask was on the glass (server's clock; now, unless said otherwise). Counted once, for masks that came live. */
  painted(
    { stream, seq, frame }: { readonly stream: string | null; readonly seq: number; readonly frame: number },
    paintedAt = this.now(),
  ): void {
    if (stream !== null) this.say({ type: 'painted', stream, seq, frame, paintedAt });
  }

  /** Ends the connection for good. */
  close(): void {
    this.leave();
    this.tell('closed', 'closed by this client', null);
  }

  private open(): void {
    this.tell('connecting', '', null);
    this.asked = this.wish;
    const socket = this.platform.open(this.address + connectionQuery(this.asked, this.position), subprotocols(this.options.token));
    this.socket = socket;
    this.openedAt = this.platform.now();
    this.silence = new Silence(this.platform, {
      ask: () => this.askTime(),
      // The same connection may speak again: a slow network may be bringing a large picture, a server may have been held up.
      gone: () => this.state === 'open' && this.tell('silent', 'the server says nothing', null),
      dead: () => this.comeBack('the server has fallen silent'),
    });
    let trouble = '';
    socket.onmessage = ({ data }) => this.hear(data);
    socket.onerror = (event) => (trouble = 'message' in event && typeof event.message === 'string' ? event.message : '');
    socket.onclose = ({ code, reason }) => this.comeBack([reason, trouble].find((words) => words !== '') ?? `connection closed (${code})`);
    this.keepTime();
  }

  private comeBack(reason: string): void {
    const wasIn = this.isOpen;
    this.leave();
    if (this.platform.now() - this.openedAt > GOOD_AFTER_MS) this.attempt = 0;
    const retryInMs = backOff(this.attempt, this.platform.random());
    this.attempt += 1;
    this.timers.later(retryInMs, () => this.open());
    if (!this.isRefused) this.tell('waiting', reason, retryInMs);
    if (!wasIn) void this.askWhy(reason, retryInMs);
  }

  /** A socket that is not let in hears nothing of why. Who knows why does not try again at once. */
  private async askWhy(reason: string, retryInMs: number): Promise<void> {
    const { attempt, isRefused } = this;
    const refused = await whyRefused(this.platform, this.address, this.options.token);
    if (attempt !== this.attempt || this.socket || this.state === 'closed') return;
    this.isRefused = refused !== null && refused.code !== 'no-websocket';
    if (!refused) return isRefused ? this.tell('waiting', reason, retryInMs) : undefined;
    const pause = pauseAfter(refused, retryInMs);
    this.timers.clear();
    this.timers.later(pause, () => this.open());
    this.tell(this.isRefused ? 'refused' : 'waiting', refused.message, pause, refused.code);
  }

  private leave(): void {
    this.timers.clear();
    this.silence?.end();
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private hear(data: unknown): void {
    this.silence?.broken();
    if (this.state === 'silent') this.tell('open', '', null);
    const decoded = decode(data, this.platform.text);
    if (decoded.kind === 'problem') return this.listeners.tell('problem', decoded.problem);
    const { message, payload } = decoded;
    if (message.type === 'clock') return void (this.readings = withRoundTrip(this.readings, { ...message, t3: this.platform.now() }));
    if (message.type === 'alive') return;
    if (message.type === 'hello') this.welcome(message.epoch);
    const position = after(this.position, message);
    if (!position)
      return this.listeners.tell('problem', {
        kind: 'out-of-order',
        detail: `${message.type} ${message.seq} of ${short(message.stream ?? '')} came too late`,
      });
    this.position = position;
    const received: AnyReceived = message.type === 'mask' || message.type === 'frame' ? { ...message, payload } : message;
    this.listeners.tell('message', received);
    this.listeners.tell(received.type, received);
  }

  private welcome(epoch: string): void {
    this.isRefused = false;
    this.position = inEpoch(this.position, epoch);
    this.readings = this.readings.map(({ offsetMs }) => ({ offsetMs, roundTripMs: Infinity }));
    for (const milliseconds of CLOCK_AT_FIRST_MS) this.timers.later(milliseconds, () => this.askTime());
    this.tell('open', '', null);
    if (this.asked !== this.wish) this.ask();
  }

  private ask(): void {
    this.asked = this.wish;
    const { streams, topics, maxWidth } = this.wish;
    this.say({ type: 'subscribe', streams: [...streams], topics: [...topics], ...(maxWidth === null ? {} : { maxWidth }) });
  }

  private keepTime(): void {
    this.askTime();
    this.timers.later(CLOCK_EVERY_MS, () => this.keepTime());
  }

  private askTime(): void {
    this.say({ type: 'clock', t0: this.platform.now() });
  }

  private say(message: ClientMessage): void {
    if (this.isOpen) this.socket?.send(JSON.stringify(message));
  }

  private tell(state: ConnectionState, reason: string, retryInMs: number | null, code?: string): void {
    this.state = state;
    this.listeners.tell('connection', { state, reason, retryInMs, code });
  }
}
