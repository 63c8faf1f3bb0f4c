import type { Outgoing } from './outgoing';
import type { Topic } from './protocol';

export interface ReplayLimits {
  /** Of pictures, and of everything else. */
  readonly pictureBytes: number;
  readonly bytes: number;
}

export const replayLimits: ReplayLimits = { pictureBytes: 8 * 1024 * 1024, bytes: 4 * 1024 * 1024 };

/** What a returning client missed. */
export interface Missed {
  readonly messages: readonly Outgoing[];
  /** Pictures that are no longer kept, in the order of `seq`. */
  readonly expired: { readonly from: number; readonly to: number; readonly count: number } | null;
}

/** How many pictures that went are remembered by number, to tell a returning client exactly what it did not get. */
const REMEMBERED = 4096;

/** The past messages of one stream, as far as they fit. Pictures have room of their own, so that they do not drive out what matters. */
export class Replay {
  private readonly pictures = new Ring();
  private readonly others = new Ring();
  /** Seq of the last message of each topic that went. */
  private readonly gone = new Map<Topic, number>();
  private gonePictures: number[] = [];
  private forgotten = 0;
  private head = 0;

  constructor(private readonly limits: ReplayLimits = replayLimits) {}

  push(message: Outgoing): void {
    this.head = message.seq;
    if (message.topic !== 'frame') {
      for (const { topic, seq } of this.others.push(message, this.limits.bytes)) this.gone.set(topic, seq);
      return;
    }
    this.gonePictures.push(...this.pictures.push(message, this.limits.pictureBytes).map(({ seq }) => seq));
    while (this.gonePictures.length > REMEMBERED) this.forgotten = this.gonePictures.shift() ?? this.forgotten;
  }

  /** Everything of `topics` after `since`, oldest first; null when that cannot be known any more, or never was. */
  since(since: number, topics: ReadonlySet<Topic>): Missed | null {
    if (since < 0 || since > this.head) return null;
    if ([...this.gone].some(([topic, seq]) => topics.has(topic) && seq > since)) return null;
    if (topics.has('frame') && this.forgotten > since) return null;
    const messages = [...this.pictures.after(since), ...this.others.after(since)].filter(({ topic }) => topics.has(topic));
    const gone = topics.has('frame') ? this.gonePictures.filter((seq) => seq > since) : [];
    const [from] = gone;
    const to = gone.at(-1);
    const expired = from === undefined || to === undefined ? null : { from, to, count: gone.length };
    return { messages: messages.sort((a, b) => a.seq - b.seq), expired };
  }
}

class Ring {
  private readonly messages: Outgoing[] = [];
  private size = 0;

  /** Looks from the end: who comes back missed little of the thousands that are kept. */
  after(since: number): readonly Outgoing[] {
    return this.messages.slice(this.messages.findLastIndex(({ seq }) => seq <= since) + 1);
  }

  /** Keeps `message` and returns what had to go for it. */
  push(message: Outgoing, limit: number): Outgoing[] {
    this.messages.push(message);
    this.size += message.data.byteLength;
    const gone: Outgoing[] = [];
    while (this.size > limit && this.messages.length > 1) {
      const oldest = this.messages.shift();
      if (!oldest) break;
      this.size -= oldest.data.byteLength;
      gone.push(oldest);
    }
    return gone;
  }
}
