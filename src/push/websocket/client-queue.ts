import type { LossCause, LossMessage, Topic } from '../../protocol/messages';
import type { Outgoing } from './replay';

export interface QueueLimits {
  /** Waiting pictures per stream. */
  readonly frames: number;
  /** Waiting stability messages per stream. */
  readonly stability: number;
  readonly messages: number;
  readonly bytes: number;
}

export const queueLimits: QueueLimits = { frames: 2, stability: 64, messages: 1024, bytes: 8 * 1024 * 1024 };

/** What to write to the socket next. */
export type QueueItem =
  | { readonly kind: 'message'; readonly message: Outgoing; readonly replayed: boolean }
  | { readonly kind: 'loss'; readonly stream: string; readonly loss: LossMessage }
  /** So much of this stream was dropped that it restarts with a snapshot. */
  | { readonly kind: 'snapshot'; readonly stream: string };

/**
 * The bounded send queue of one client. When full, it drops the oldest picture, else the oldest stability message, else
 * a mask that a later message replaces or invalidates, else everything of the fullest stream, which restarts with a
 * snapshot. What was dropped is taken out as `loss`, at its place among the messages, so that `seq` rises.
 */
export class ClientQueue {
  private waiting: { readonly message: Outgoing; readonly replayed: boolean }[] = [];
  private readonly losses = new Map<string, { stream: string; topic: Topic; from: number; to: number; count: number; reason: LossCause }>();
  private readonly restarting = new Set<string>();
  private size = 0;

  constructor(
    private readonly limits: QueueLimits = queueLimits,
    private readonly onDrop: (topic: Topic, reason: LossCause) => void = () => undefined,
  ) {}

  get bytes(): number {
    return this.size;
  }

  get length(): number {
    return this.waiting.length;
  }

  /** Queues `message`. One that is `replayed` is not dropped for newer ones, only when the queue is full. */
  offer(message: Outgoing, replayed = false): void {
    if (this.restarting.has(message.stream)) return this.lose(message, 'overflow');
    this.waiting.push({ message, replayed });
    this.size += message.data.byteLength;
    if (!replayed && message.topic === 'frame') this.keep(message, this.limits.frames);
    if (!replayed && message.topic === 'stability') this.keep(message, this.limits.stability);
    while (this.isFull()) this.shed();
  }

  /** Notes messages the client will not get. */
  noteLoss(stream: string, loss: Omit<LossMessage, 'type'>): void {
    const key = `${stream} ${loss.topic} ${loss.reason}`;
    const noted = this.losses.get(key);
    if (!noted) this.losses.set(key, { ...loss, stream });
    else Object.assign(noted, { from: Math.min(noted.from, loss.from), to: Math.max(noted.to, loss.to), count: noted.count + loss.count });
  }

  take(): QueueItem | undefined {
    const first = this.waiting[0];
    for (const stream of this.restarting) {
      const loss = this.takeLoss(stream, Infinity);
      if (loss) return loss;
      this.restarting.delete(stream);
      return { kind: 'snapshot', stream };
    }
    if (!first) return this.takeLoss(null, Infinity);
    const loss = this.takeLoss(first.message.stream, first.message.seq);
    if (loss) return loss;
    this.waiting.shift();
    this.size -= first.message.data.byteLength;
    return { kind: 'message', ...first };
  }

  /** Forgets everything, losses included, for a new subscription. */
  clear(): void {
    this.waiting = [];
    this.size = 0;
    this.losses.clear();
    this.restarting.clear();
  }

  private isFull(): boolean {
    return this.waiting.length > 1 && (this.size > this.limits.bytes || this.waiting.length > this.limits.messages);
  }

  private keep({ stream, topic }: Outgoing, limit: number): void {
    const alike = this.waiting.filter(({ message, replayed }) => !replayed && message.topic === topic && message.stream === stream);
    if (alike.length > limit) this.drop((entry) => entry === alike[0], 'slow-client');
  }

  private shed(): void {
    for (const topic of ['frame', 'stability'] as const) {
      const oldest = this.waiting.find(({ message }) => message.topic === topic);
      if (oldest) return this.drop((entry) => entry === oldest, 'slow-client');
    }
    const outdated = this.waiting.find(
      ({ message }, at) => message.type === 'mask' && this.waiting.slice(at + 1).some((later) => supersedes(later.message, message)),
    );
    if (outdated) return this.drop((entry) => entry === outdated, 'superseded');
    const stream = this.fullestStream();
    this.restarting.add(stream);
    this.drop(({ message }) => message.stream === stream, 'overflow');
  }

  private fullestStream(): string {
    const weights = new Map<string, number>();
    for (const { message } of this.waiting) weights.set(message.stream, (weights.get(message.stream) ?? 0) + message.data.byteLength + 1);
    return [...weights].reduce((fullest, weight) => (weight[1] > fullest[1] ? weight : fullest), ['', 0] as [string, number])[0];
  }

  private drop(which: (entry: { readonly message: Outgoing }) => boolean, reason: LossCause): void {
    const dropped = this.waiting.filter(which);
    this.waiting = this.waiting.filter((entry) => !which(entry));
    for (const { message } of dropped) {
      this.size -= message.data.byteLength;
      this.lose(message, reason);
    }
  }

  private lose({ stream, topic, seq }: Outgoing, reason: LossCause): void {
    this.onDrop(topic, reason);
    this.noteLoss(stream, { topic, from: seq, to: seq, count: 1, reason });
  }

  /** The earliest loss of `stream` (null: of any) that ended before `seq`. */
  private takeLoss(stream: string | null, seq: number): QueueItem | undefined {
    const due = [...this.losses]
      .filter(([, loss]) => (stream === null || loss.stream === stream) && loss.to < seq)
      .sort(([, a], [, b]) => a.to - b.to)[0];
    if (!due) return undefined;
    this.losses.delete(due[0]);
    const { stream: of, ...loss } = due[1];
    return { kind: 'loss', stream: of, loss: { type: 'loss', ...loss } };
  }
}

function supersedes(later: Outgoing, mask: Outgoing): boolean {
  if (later.stream !== mask.stream) return false;
  return later.type === 'mask' || (later.type === 'invalid' && later.run === mask.run && later.frame === mask.frame);
}
