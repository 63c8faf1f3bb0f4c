import type { Outgoing } from './outgoing';
import type { LossMessage, Topic } from './protocol';
import { Replay, type Missed } from './replay';

/** A screen, as a stream sees it. */
export interface Member {
  readonly topics: ReadonlySet<Topic>;
  offer(message: Outgoing, replayed: boolean): void;
  tell(stream: string, loss: Omit<LossMessage, 'type'>): void;
}

/** A message that has no number yet. */
export interface Unnumbered {
  readonly topic: Topic;
  readonly run: string | null;
  readonly frame: number | null;
  readonly encode: (seq: number) => Pick<Outgoing, 'type' | 'data' | 'binary'>;
}

/** Numbers the messages of one stream one by one, hands them to whoever listens, and remembers the last. */
export class Broadcast {
  readonly members = new Set<Member>();
  private readonly replay = new Replay();

  constructor(
    private readonly stream: string,
    private readonly now: () => number,
    /** The number before the first. */
    private seq = 0,
  ) {}

  /** The number of the latest message. */
  get head(): number {
    return this.seq;
  }

  publish({ topic, run, frame, encode }: Unnumbered): Outgoing {
    this.seq += 1;
    const message: Outgoing = { ...encode(this.seq), topic, stream: this.stream, seq: this.seq, run, frame, publishedAt: this.now() };
    this.replay.push(message);
    for (const member of this.members) if (member.topics.has(topic)) member.offer(message, false);
    return message;
  }

  missed(since: number, topics: ReadonlySet<Topic>): Missed | null {
    return this.replay.since(since, topics);
  }

  /** How many listen to `topic`. */
  audience(topic: Topic): number {
    return [...this.members].filter(({ topics }) => topics.has(topic)).length;
  }
}
