import type { RawData, WebSocket } from 'ws';
import type { Sample } from '../../measure/metrics';
import { parseClientMessage } from '../../protocol/client-message';
import type { LossMessage, ServerMessage, Topic } from '../../protocol/messages';
import type { Limits } from '../access/limits';
import type { Member } from './broadcast';
import type { Channel } from './channel.node';
import { ClientQueue, type QueueItem } from './client-queue';
import { encodeText } from './encode-message.node';
import { perSecond, FlowControl } from './flow-control';
import type { Outgoing } from './replay';
import { topicSet, type Subscription } from './subscription';

export interface ConnectionPorts {
  readonly client: string;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly now: () => number;
  readonly record: (sample: Sample) => void;
  readonly limits: Limits;
}

/** Nothing more is written while this much is buffered in the socket. */
const IN_FLIGHT_BYTES = 256 * 1024;
const [MAX_MISTAKES, FORGIVEN_AFTER_MS] = [4, 60_000];
const PAINTABLE_MASKS = 16;
const POLICY_VIOLATION = 1008;
/** A client that requests answers without reading them is cut off at this much. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/** One screen: writes only what its socket accepts, so that a stalled one costs a bounded queue and delays nobody. */
export class Connection implements Member {
  topics: ReadonlySet<Topic> = new Set();
  maxWidth: number | null = null;
  /** Messages sent, without `alive`; stands still while the client does not read. */
  sent = 0;
  private streams: readonly string[] = [];
  private wanted: Pick<Subscription, 'streams' | 'everyStream'> = { streams: [], everyStream: false };
  private readonly queue: ClientQueue;
  private readonly flow = new FlowControl();
  private inFlight = 0;
  private lastWriteAt = -Infinity;
  /** Times of the client's errors that are not forgiven yet. */
  private mistakes: readonly number[] = [];
  /** Masks sent live, each of which the client may report once as painted. */
  private paintable: readonly string[] = [];
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
    socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    socket.on('pong', (mark) => {
      this.flow.returned(mark.toString());
      this.pump();
    });
  }

  /** Sends a message that belongs to no stream, past the queue. */
  sendNow(message: ServerMessage): void {
    if (this.inFlight > MAX_UNREAD_BYTES) return this.socket.terminate();
    this.write(encodeText({ seq: 0, stream: null, at: this.ports.now() }, message), false, () => (this.sent += 1));
  }

  /** Sends `alive`, unless something was written in the last `milliseconds` or is still buffered. */
  keepAlive(milliseconds: number): void {
    const at = this.ports.now();
    if (this.inFlight > 0 || at - this.lastWriteAt < milliseconds) return;
    this.write(encodeText({ seq: 0, stream: null, at }, { type: 'alive' }), false, () => undefined);
  }

  subscribe({ streams, everyStream, topics, maxWidth, since }: Subscription): void {
    this.unsubscribe();
    this.queue.clear();
    this.wanted = { streams, everyStream };
    this.streams = streams;
    this.topics = topics;
    this.maxWidth = maxWidth;
    for (const id of streams) this.ports.channels.get(id)?.join(this, since(id));
  }

  /** Streams were added or removed: joins the new ones it subscribes to. */
  updateStreams(message: ServerMessage): void {
    const { channels } = this.ports;
    const { streams, everyStream } = this.wanted;
    const wanted = everyStream ? [...channels.keys()] : streams.filter((id) => channels.has(id));
    const added = wanted.filter((id) => !this.streams.includes(id));
    this.sendNow(message);
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

  noteLoss(stream: string, loss: Omit<LossMessage, 'type'>): void {
    this.queue.noteLoss(stream, loss);
    this.pump();
  }

  private pump(): void {
    while (!this.flow.isFull && this.inFlight < IN_FLIGHT_BYTES && this.socket.readyState === this.socket.OPEN) {
      const next = this.queue.take();
      if (!next) return;
      this.send(next);
    }
  }

  private send(next: QueueItem): void {
    switch (next.kind) {
      case 'message': {
        const { message, replayed } = next;
        if (message.type === 'mask' && !replayed)
          this.paintable = [...this.paintable, `${message.stream} ${message.seq}`].slice(-PAINTABLE_MASKS);
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
    this.lastWriteAt = this.ports.now();
    this.inFlight += bytes.byteLength;
    this.socket.send(bytes, { binary }, (error) => {
      this.inFlight -= bytes.byteLength;
      if (error) return;
      sent();
      this.pump();
    });
    const mark = this.flow.sent(bytes.byteLength);
    if (mark !== null) this.socket.ping(mark);
  }

  private receive(data: RawData, isBinary: boolean): void {
    const receivedAt = this.ports.now();
    const { limits, channels } = this.ports;
    const { messagesPerSecond } = limits;
    if (this.exceedsMessageRate(receivedAt)) return this.sendError('too-fast', `Expected at most ${messagesPerSecond} messages a second`);
    if (isBinary || !Buffer.isBuffer(data)) return this.sendError('bad-message', 'Expected a text message');
    const message = parseClientMessage(data.toString());
    switch (message.type) {
      case 'clock':
        return this.sendNow({ type: 'clock', t0: message.t0, t1: receivedAt, t2: this.ports.now() });
      case 'painted':
        return this.painted(message.stream, message.seq, message.paintedAt);
      case 'subscribe': {
        if (this.exceedsSubscribeRate(receivedAt))
          return this.sendError('too-fast', `Expected at most ${limits.subscriptionsPerSecond} subscriptions a second`);
        const unknown = message.streams.find((id) => !channels.has(id));
        if (unknown !== undefined) return this.sendError('unknown-stream', `No stream ${JSON.stringify(unknown)}`);
        const everyStream = message.streams.length === 0;
        const streams = everyStream ? [...channels.keys()] : [...new Set(message.streams)];
        const wanted = { streams, everyStream, topics: topicSet(message.topics), maxWidth: message.maxWidth ?? null };
        return this.subscribe({ ...wanted, since: () => null });
      }
      case 'unreadable':
        return this.sendError('bad-message', message.why);
    }
  }

  private painted(stream: string, seq: number, paintedAt: number): void {
    const channel = this.ports.channels.get(stream);
    if (!channel) return this.sendError('unknown-stream', `No stream ${JSON.stringify(stream)}`);
    const mask = `${stream} ${seq}`;
    if (!this.paintable.includes(mask)) return;
    this.paintable = this.paintable.filter((other) => other !== mask);
    channel.delays.painted(seq, paintedAt, this.ports.client);
  }

  /** Closes the connection after too many errors. */
  private sendError(code: string, message: string): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.sendNow({ type: 'error', code, message });
    const now = this.ports.now();
    this.mistakes = [...this.mistakes.filter((at) => now - at < FORGIVEN_AFTER_MS), now];
    if (this.mistakes.length > MAX_MISTAKES) this.socket.close(POLICY_VIOLATION, 'Too many invalid messages');
  }
}
