import type { LossMessage, Topic } from '../../protocol/messages';
import { fitting, type MissedMessages, type Outgoing, Replay } from './replay';

/** A screen as a stream sees it. */
export interface Member {
  readonly topics: ReadonlySet<Topic>;
  /** Of its pictures; null: as captured. */
  readonly maxWidth: number | null;
  offer(message: Outgoing, replayed: boolean): void;
  noteLoss(stream: string, loss: Omit<LossMessage, 'type'>): void;
}

type Encoded = Pick<Outgoing, 'type' | 'data' | 'binary'>;
type EncodedPicture = Encoded & Pick<Outgoing, 'widths'>;

/** A message without a number yet. */
export interface Unnumbered<Numbered = Encoded> {
  readonly topic: Topic;
  readonly run: string | null;
  readonly frame: number | null;
  readonly encode: (seq: number) => Numbered;
}

/** Numbers the messages of one stream, offers them to its members, and keeps the latest for replay. */
export class Broadcast {
  readonly members = new Set<Member>();
  private readonly replay = new Replay();

  constructor(
    private readonly stream: string,
    private readonly now: () => number,
    /** Number of the latest message. */
    private seq = 0,
  ) {}

  get head(): number {
    return this.seq;
  }

  publish(unnumbered: Unnumbered): Outgoing {
    const { encoded, envelope } = this.numbered(unnumbered);
    const message: Outgoing = { ...encoded, ...envelope, widths: null };
    this.send([message]);
    return message;
  }

  /** A picture in several sizes under one number; each member gets the one that fits. */
  publishPicture(unnumbered: Unnumbered<readonly EncodedPicture[]>): readonly Outgoing[] {
    const { encoded, envelope } = this.numbered(unnumbered);
    const renditions = encoded.map((rendition): Outgoing => ({ ...rendition, ...envelope }));
    this.send(renditions);
    return renditions;
  }

  /** Keeps one more size of a published picture. */
  keep(rendition: Outgoing): void {
    this.replay.add(rendition);
  }

  missed(since: number, { topics, maxWidth }: Member): MissedMessages | null {
    return this.replay.since(since, topics, maxWidth);
  }

  /** How many members subscribe to `topic`. */
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

/** Screens joining a stream: each enters when its first pictures are encoded, unless it leaves before. */
export class JoiningMembers {
  private readonly waiting = new Map<Member, Promise<unknown>>();

  get members(): readonly Member[] {
    return [...this.waiting.keys()];
  }

  /** Calls `enter` once nothing is `lacking`: at once, or after waiting, checked again each time. */
  add(member: Member, lacking: () => readonly Promise<void>[], enter: () => void): void {
    this.waiting.delete(member);
    const work = lacking();
    if (work.length === 0) return enter();
    const all = Promise.all(work);
    this.waiting.set(member, all);
    void all.then(() => {
      if (this.waiting.get(member) === all) this.add(member, lacking, enter);
    });
  }

  remove(member: Member): void {
    this.waiting.delete(member);
  }

  clear(): void {
    this.waiting.clear();
  }
}
