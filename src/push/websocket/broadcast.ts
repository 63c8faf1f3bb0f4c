import type { LossMessage, Topic } from '../../protocol/messages';
import { fitting, type Missed, type Outgoing, Replay } from './replay';

/** A screen, as a stream sees it. */
export interface Member {
  readonly topics: ReadonlySet<Topic>;
  /** How wide its pictures may be; null: as captured. */
  readonly maxWidth: number | null;
  offer(message: Outgoing, replayed: boolean): void;
  tell(stream: string, loss: Omit<LossMessage, 'type'>): void;
}

type Encoded = Pick<Outgoing, 'type' | 'data' | 'binary'>;
type EncodedPicture = Encoded & Pick<Outgoing, 'widths'>;

/** A message that has no number yet. */
export interface Unnumbered<Numbered = Encoded> {
  readonly topic: Topic;
  readonly run: string | null;
  readonly frame: number | null;
  readonly encode: (seq: number) => Numbered;
}

/** Numbers the messages of one stream one by one, hands them to whoever listens, pictures in the size that fits, and remembers the last. */
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

  /** The same for all. */
  publish(unnumbered: Unnumbered): Outgoing {
    const { encoded, envelope } = this.numbered(unnumbered);
    const message: Outgoing = { ...encoded, ...envelope, widths: null };
    this.send([message]);
    return message;
  }

  /** A picture in several sizes under one number; each gets the one that fits. */
  publishPicture(unnumbered: Unnumbered<readonly EncodedPicture[]>): readonly Outgoing[] {
    const { encoded, envelope } = this.numbered(unnumbered);
    const renditions = encoded.map((rendition): Outgoing => ({ ...rendition, ...envelope }));
    this.send(renditions);
    return renditions;
  }

  /** Keeps one more size of a picture that was published. */
  keep(rendition: Outgoing): void {
    this.replay.add(rendition);
  }

  missed(since: number, { topics, maxWidth }: Member): Missed | null {
    return this.replay.since(since, topics, maxWidth);
  }

  /** How many listen to `topic`. */
  audience(topic: Topic): number {
    return [...this.members].filter(({ topics }) => topics.has(topic)).length;
  }

  private numbered<Numbered>({ topic, run, frame, encode }: Unnumbered<Numbered>) {
    this.seq += 1;
    const encoded = encode(this.seq);
    return { encoded, envelope: { topic, stream: this.stream, seq: this.seq, run, frame, publishedAt: this.now() } };
  }

  private send(renditions: readonly Outgoing[]): void {
    for (const message of renditions) this.replay.push(message);
    for (const member of this.members) {
      const message = fitting(renditions, member.maxWidth);
      if (message && member.topics.has(message.topic)) member.offer(message, false);
    }
  }
}

/** Screens on their way into a stream: each enters once what it begins with is there, unless it leaves before. */
export class Arrivals {
  private readonly waiting = new Map<Member, Promise<unknown>>();

  /** Those that have not entered yet. */
  get members(): readonly Member[] {
    return [...this.waiting.keys()];
  }

  /** Lets `member` enter: at once where nothing is `lacking`, else when all of that is there and nothing new is lacking. */
  receive(member: Member, lacking: () => readonly Promise<void>[], enter: () => void): void {
    this.waiting.delete(member);
    const work = lacking();
    if (work.length === 0) return enter();
    const all = Promise.all(work);
    this.waiting.set(member, all);
    void all.then(() => {
      if (this.waiting.get(member) === all) this.receive(member, lacking, enter);
    });
  }

  leave(member: Member): void {
    this.waiting.delete(member);
  }

  clear(): void {
    this.waiting.clear();
  }
}
