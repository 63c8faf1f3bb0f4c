import type { RawData, WebSocket } from 'ws';
import type { Sample } from '../../measure/metrics';
import { parseClientMessage } from '../../protocol/client-message';
import type { LossMessage, ServerMessage, Topic } from '../../protocol/messages';
import type { Limits } from '../access/limits';
import type { Member } from './broadcast';
import type { Channel } from './channel.node';
import { ClientQueue, type Taken } from './client-queue';
import { encodeText } from './encode-message.node';
import { perSecond, FlowControl } from './flow-control';
import type { Outgoing } from './replay';
import { topicSet, type Subscription } from './subscription';

export interface ConnectionPorts {
  /** What this screen is called in traces. */
  readonly client: string;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly now: () => number;
  readonly record: (sample: Sample) => void;
  readonly limits: Limits;
}

/** No more is written while so many bytes have not left. */
const IN_FLIGHT_BYTES = 256 * 1024;
/** Messages that are not understood and are forgiven, one more a minute. */
const [MISTAKES, FORGIVEN_AFTER_MS] = [4, 60_000];
const FRESH_MASKS = 16;
const POLICY_VIOLATION = 1008;
/** A client that asks and never reads the answers is cut off here. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/** One screen: writes only what its socket takes, so that a stalled one costs a bounded queue and delays nobody. */
export class Connection implements Member {
  topics: ReadonlySet<Topic> = new Set();
  maxWidth: number | null = null;
  /** Messages that left, but for `alive`; stands still while the client does not read. */
  sent = 0;
  private streams: readonly string[] = [];
  private wish: Pick<Subscription, 'streams' | 'everyStream'> = { streams: [], everyStream: false };
  private readonly queue: ClientQueue;
  private readonly window = new FlowControl();
  private inFlight = 0;
  private wroteAt = -Infinity;
  /** When the client said what makes no sense, as far as that is not forgiven yet. */
  private mistakes: readonly number[] = [];
  /** Masks sent as they came, which the client may report as painted, each once. */
  private fresh: readonly string[] = [];
  private readonly exceedsMessageRate: (now: number) => boolean;
  private readonly exceedsSubscribeRate: (now: number) => boolean;

  constructor(
    private readonly socket: WebSocket,
    private readonly ports: ConnectionPorts,
  ) {
    this.exceedsMessageRate = perSecond(ports.limits.messagesPerSecond);
    this.exceedsSubscribeRate = perSecond(ports.limits.subscriptionsPerSecond);
    this.queue = new ClientQueue(undefined, (topic, reason) => {
      ports.record({ metric: 'client_messages_dropped_total', labels: { topic, reason }, value: 1 });
    });
    socket.on('message', (data, isBinary) => this.hear(data, isBinary));
    socket.on('pong', (mark) => {
      this.window.returned(mark.toString());
      this.pump();
    });
  }

  /** Says something that belongs to no stream. */
  say(message: ServerMessage): void {
    if (this.inFlight > MAX_UNREAD_BYTES) return this.socket.terminate();
    this.write(encodeText({ seq: 0, stream: null, at: this.ports.now() }, message), false, () => (this.sent += 1));
  }

  /** Says that the server works, unless something was said in the last `milliseconds` or is on its way. */
  breathe(milliseconds: number): void {
    const at = this.ports.now();
    if (this.inFlight > 0 || at - this.wroteAt < milliseconds) return;
    this.write(encodeText({ seq: 0, stream: null, at }, { type: 'alive' }), false, () => undefined);
  }

  subscribe({ streams, everyStream, topics, maxWidth, since }: Subscription): void {
    this.unsubscribe();
    this.queue.clear();
    this.wish = { streams, everyStream };
    this.streams = streams;
    this.topics = topics;
    this.maxWidth = maxWidth;
    for (const id of streams) this.ports.channels.get(id)?.join(this, since(id));
  }

  /** Streams came or went: `hello.streams` is out of date. Joins the new ones it wants to hear, or hears again. */
  follow(news: ServerMessage): void {
    const { channels } = this.ports;
    const { streams, everyStream } = this.wish;
    const wanted = everyStream ? [...channels.keys()] : streams.filter((id) => channels.has(id));
    const added = wanted.filter((id) => !this.streams.includes(id));
    this.say(news);
    this.streams = wanted;
    for (const id of added) channels.get(id)?.join(this, null);
  }

  unsubscribe(): void {
    for (const id of this.streams) this.ports.channels.get(id)?.leave(this);
    this.streams = [];
    this.topics = new Set();
  }

  offer(message: Outgoing, replayed: boolean): void {
    this.queue.offer(message, replayed);
    this.pump();
  }

  tell(stream: string, loss: Omit<LossMessage, 'type'>): void {
    this.queue.tell(stream, loss);
    this.pump();
  }

  private pump(): void {
    while (!this.window.isFull && this.inFlight < IN_FLIGHT_BYTES && this.socket.readyState === this.socket.OPEN) {
      const next = this.queue.take();
      if (!next) return;
      this.send(next);
    }
  }

  private send(next: Taken): void {
    switch (next.kind) {
      case 'message': {
        const { message, replayed } = next;
        if (message.type === 'mask' && !replayed) this.fresh = [...this.fresh, `${message.stream} ${message.seq}`].slice(-FRESH_MASKS);
        return this.write(message.data, message.binary, () => {
          this.sent += 1;
          if (!replayed) this.ports.channels.get(message.stream)?.delays.delivered(message, this.ports.client);
        });
      }
      case 'loss': {
        const text = encodeText({ seq: next.loss.to, stream: next.stream, at: this.ports.now() }, next.loss);
        return this.write(text, false, () => (this.sent += 1));
      }
      case 'snapshot':
        return this.ports.channels.get(next.stream)?.join(this, null);
    }
  }

  private write(bytes: Uint8Array, binary: boolean, sent: () => void): void {
    this.wroteAt = this.ports.now();
    this.inFlight += bytes.byteLength;
    this.socket.send(bytes, { binary }, (error) => {
      this.inFlight -= bytes.byteLength;
      if (error) return;
      sent();
      this.pump();
    });
    const mark = this.window.sent(bytes.byteLength);
    if (mark !== null) this.socket.ping(mark);
  }

  private hear(data: RawData, isBinary: boolean): void {
    const heardAt = this.ports.now();
    const { messagesPerSecond, subscriptionsPerSecond } = this.ports.limits;
    if (this.exceedsMessageRate(heardAt)) return this.object('too-fast', `Expected at most ${messagesPerSecond} messages a second`);
    if (isBinary || !Buffer.isBuffer(data)) return this.object('bad-message', 'Expected a text message');
    const message = parseClientMessage(data.toString());
    switch (message.type) {
      case 'clock':
        return this.say({ type: 'clock', t0: message.t0, t1: heardAt, t2: this.ports.now() });
      case 'painted':
        return this.painted(message.stream, message.seq, message.paintedAt);
      case 'subscribe': {
        const tooMany = `Expected at most ${subscriptionsPerSecond} subscriptions a second`;
        if (this.exceedsSubscribeRate(heardAt)) return this.object('too-fast', tooMany);
        const unknown = message.streams.find((id) => !this.ports.channels.has(id));
        if (unknown !== undefined) return this.object('unknown-stream', `No stream ${JSON.stringify(unknown)}`);
        const everyStream = message.streams.length === 0;
        const streams = everyStream ? [...this.ports.channels.keys()] : [...new Set(message.streams)];
        const { maxWidth = null } = message;
        return this.subscribe({ streams, everyStream, topics: topicSet(message.topics), maxWidth, since: () => null });
      }
      case 'unreadable':
        return this.object('bad-message', message.why);
    }
  }

  private painted(stream: string, seq: number, paintedAt: number): void {
    const channel = this.ports.channels.get(stream);
    if (!channel) return this.object('unknown-stream', `No stream ${JSON.stringify(stream)}`);
    const mask = `${stream} ${seq}`;
    if (!this.fresh.includes(mask)) return;
    this.fresh = this.fresh.filter((other) => other !== mask);
    channel.delays.painted(seq, paintedAt, this.ports.client);
  }

  /** Answers nonsense, and ends the connection when it goes on. */
  private object(code: string, message: string): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.say({ type: 'error', code, message });
    const now = this.ports.now();
    this.mistakes = [...this.mistakes.filter((at) => now - at < FORGIVEN_AFTER_MS), now];
    if (this.mistakes.length > MISTAKES) this.socket.close(POLICY_VIOLATION, 'Too many messages that make no sense');
  }
}
