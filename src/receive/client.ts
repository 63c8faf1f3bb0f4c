import type { ClientMessage } from '../protocol/client-message';
import { type AnyReceived, type ClientEvents, type ConnectionState, Listeners } from './client-events';
import { decode, shorten } from './decode';
import { type Platform, type Socket, Timers } from './platform';
import { inEpoch, noPosition, type Position, positionAfter, withoutSeqs } from './position';
import { backoffMs, fetchRefusal, retryPauseMs, SilenceWatch } from './reconnect';
import { bestReading, withRoundTrip, type ClockReading } from './server-clock';
import { type ClientOptions, connectionQuery, socketAddress, subprotocols, type Subscription, toSubscription } from './subscription';

const CLOCK_PERIOD_MS = 5000;
/** After `hello`, so that the clock is soon known. */
const FIRST_CLOCKS_MS = [0, 200, 400, 600, 800];
/** After a connection that lasted this long, the next pause is short again. */
const STABLE_AFTER_MS = 10_000;

/** A connection to angiocast that reconnects, resumes where it stopped and knows the server's clock, until `close`. */
export class Client {
  private readonly listeners: Listeners<ClientEvents>;
  private readonly address: string;
  private subscription: Subscription;
  /** What the server was last sent. */
  private requested: Subscription;
  private state: ConnectionState = 'connecting';
  private socket: Socket | null = null;
  private position: Position = noPosition;
  private readings: readonly ClockReading[] = [];
  private attempt = 0;
  private openedAt = 0;
  private silenceWatch: SilenceWatch | null = null;
  private readonly timers: Timers;
  private isRefused = false;

  constructor(
    private readonly options: ClientOptions,
    private readonly platform: Platform,
  ) {
    this.address = socketAddress(options.url);
    this.subscription = toSubscription(options);
    this.requested = this.subscription;
    this.timers = new Timers(platform);
    this.listeners = new Listeners((work) => platform.later(0, work));
    this.open();
  }

  get connection(): ConnectionState {
    return this.state;
  }

  /** The offset of the server's clock; null before its first answer. */
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

  /** Calls `listener` for every event of that name, until the returned function is called. */
  on<K extends keyof ClientEvents>(name: K, listener: (event: ClientEvents[K]) => void): () => void {
    return this.listeners.add(name, listener);
  }

  /** Changes the subscription; fields left out stay. A snapshot of each stream follows. */
  subscribe(changes: Partial<Subscription>): void {
    this.subscription = toSubscription({ ...this.subscription, ...changes });
    this.position = withoutSeqs(this.position);
    if (this.isOpen) this.sendSubscription();
  }

  /**
   * Tells the server when a mask was on the screen, by the server's clock. It counts each mask once, if it came live.
   */
  painted(
    { stream, seq, frame }: { readonly stream: string | null; readonly seq: number; readonly frame: number },
    paintedAt = this.now(),
  ): void {
    if (stream !== null) this.send({ type: 'painted', stream, seq, frame, paintedAt });
  }

  /** Ends the connection for good. */
  close(): void {
    this.disconnect();
    this.setState('closed', 'closed by this client', null);
  }

  private open(): void {
    this.setState('connecting', '', null);
    this.requested = this.subscription;
    const socket = this.platform.open(this.address + connectionQuery(this.requested, this.position), subprotocols(this.options.token));
    this.socket = socket;
    this.openedAt = this.platform.now();
    this.silenceWatch = new SilenceWatch(this.platform, {
      ask: () => this.requestClock(),
      // The connection may recover: the network is slow and the picture large, or the server was held up.
      silent: () => this.state === 'open' && this.setState('silent', 'the server says nothing', null),
      dead: () => this.reconnect('the server has fallen silent'),
    });
    let errorText = '';
    socket.onmessage = ({ data }) => this.receive(data);
    socket.onerror = (event) => (errorText = 'message' in event && typeof event.message === 'string' ? event.message : '');
    socket.onclose = ({ code, reason }) => this.reconnect([reason, errorText].find((text) => text !== '') ?? `connection closed (${code})`);
    this.syncClock();
  }

  private reconnect(reason: string): void {
    const wasOpen = this.isOpen;
    this.disconnect();
    if (this.platform.now() - this.openedAt > STABLE_AFTER_MS) this.attempt = 0;
    const retryInMs = backoffMs(this.attempt, this.platform.random());
    this.attempt += 1;
    this.timers.later(retryInMs, () => this.open());
    if (!this.isRefused) this.setState('waiting', reason, retryInMs);
    if (!wasOpen) void this.findRefusal(reason, retryInMs);
  }

  /** A refused socket does not tell why; HTTP does. Where only a person can help, the next attempt comes later. */
  private async findRefusal(reason: string, retryInMs: number): Promise<void> {
    const { attempt, isRefused } = this;
    const refusal = await fetchRefusal(this.platform, this.address, this.options.token);
    if (attempt !== this.attempt || this.socket || this.state === 'closed') return;
    this.isRefused = refusal !== null && refusal.code !== 'no-websocket';
    if (!refusal) return isRefused ? this.setState('waiting', reason, retryInMs) : undefined;
    const pause = retryPauseMs(refusal, retryInMs);
    this.timers.clear();
    this.timers.later(pause, () => this.open());
    this.setState(this.isRefused ? 'refused' : 'waiting', refusal.message, pause, refusal.code);
  }

  private disconnect(): void {
    this.timers.clear();
    this.silenceWatch?.stop();
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private receive(data: unknown): void {
    this.silenceWatch?.reset();
    if (this.state === 'silent') this.setState('open', '', null);
    const decoded = decode(data, this.platform.text);
    if (decoded.kind === 'problem') return this.listeners.emit('problem', decoded.problem);
    const { message, payload } = decoded;
    if (message.type === 'clock') return void (this.readings = withRoundTrip(this.readings, { ...message, t3: this.platform.now() }));
    if (message.type === 'alive') return;
    if (message.type === 'hello') this.onHello(message.epoch);
    const position = positionAfter(this.position, message);
    if (!position)
      return this.listeners.emit('problem', {
        kind: 'out-of-order',
        detail: `${message.type} ${message.seq} of ${shorten(message.stream ?? '')} came too late`,
      });
    this.position = position;
    const received: AnyReceived = message.type === 'mask' || message.type === 'frame' ? { ...message, payload } : message;
    this.listeners.emit('message', received);
    this.listeners.emit(received.type, received);
  }

  private onHello(epoch: string): void {
    this.isRefused = false;
    this.position = inEpoch(this.position, epoch);
    // Any new reading is better than those of the connection before.
    this.readings = this.readings.map(({ offsetMs }) => ({ offsetMs, roundTripMs: Infinity }));
    for (const milliseconds of FIRST_CLOCKS_MS) this.timers.later(milliseconds, () => this.requestClock());
    this.setState('open', '', null);
    if (this.requested !== this.subscription) this.sendSubscription();
  }

  private sendSubscription(): void {
    this.requested = this.subscription;
    const { streams, topics, maxWidth } = this.subscription;
    this.send({ type: 'subscribe', streams: [...streams], topics: [...topics], ...(maxWidth === null ? {} : { maxWidth }) });
  }

  private syncClock(): void {
    this.requestClock();
    this.timers.later(CLOCK_PERIOD_MS, () => this.syncClock());
  }

  private requestClock(): void {
    this.send({ type: 'clock', t0: this.platform.now() });
  }

  private send(message: ClientMessage): void {
    if (this.isOpen) this.socket?.send(JSON.stringify(message));
  }

  private setState(state: ConnectionState, reason: string, retryInMs: number | null, code?: string): void {
    this.state = state;
    this.listeners.emit('connection', { state, reason, retryInMs, code });
  }
}
