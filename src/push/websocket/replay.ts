import type { ServerMessage, Topic } from '../../protocol/messages';

/** A message of a stream, encoded once for all who get it. A picture has one of these, all with the same number, for each size that screens want it in. */
export interface Outgoing {
  readonly type: ServerMessage['type'];
  readonly topic: Topic;
  readonly stream: string;
  readonly seq: number;
  /** Which image a mask, its invalidation or a picture belongs to. */
  readonly run: string | null;
  readonly frame: number | null;
  /** Of a picture: pixels across, as it was captured and as it is sent; else null. */
  readonly widths: { readonly captured: number; readonly encoded: number } | null;
  readonly data: Uint8Array;
  readonly binary: boolean;
  readonly publishedAt: number;
}

/** Of one message in the sizes it is there in: the widest a screen can use, undefined where there is none. Only pictures come in several. */
export function fitting(renditions: readonly Outgoing[], maxWidth: number | null): Outgoing | undefined {
  const usable = renditions.filter(({ widths }) => {
    if (widths === null) return true;
    return maxWidth === null ? widths.encoded === widths.captured : widths.encoded <= maxWidth;
  });
  return usable.reduce<Outgoing | undefined>((widest, one) => (widest && wide(widest) >= wide(one) ? widest : one), undefined);
}

const wide = ({ widths }: Outgoing): number => widths?.encoded ?? 0;

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

  /** Of a picture in several sizes, one after the other with the same number. */
  push(message: Outgoing): void {
    this.head = message.seq;
    if (message.topic === 'frame') return this.lose(this.pictures.push(message, this.limits.pictureBytes));
    for (const { topic, seq } of this.others.push(message, this.limits.bytes)) this.gone.set(topic, seq);
  }

  /** One more size of a picture, as long as another is kept. */
  add(rendition: Outgoing): void {
    this.lose(this.pictures.insert(rendition, this.limits.pictureBytes));
  }

  /**
   * Everything of `topics` after `since`, oldest first; null when that cannot be known any more, or never was. Of each picture the widest that is kept and
   * within `maxWidth`: what nobody wanted in this size while the client was away may be smaller, or gone.
   */
  since(since: number, topics: ReadonlySet<Topic>, maxWidth: number | null = null): Missed | null {
    if (since < 0 || since > this.head) return null;
    if ([...this.gone].some(([topic, seq]) => topics.has(topic) && seq > since)) return null;
    const others = this.others.after(since).filter(({ topic }) => topics.has(topic));
    if (!topics.has('frame')) return { messages: others, expired: null };
    if (this.forgotten > since) return null;
    const renditions = new Map<number, readonly Outgoing[]>();
    for (const seq of this.gonePictures) if (seq > since) renditions.set(seq, []);
    for (const one of this.pictures.after(since)) renditions.set(one.seq, [...(renditions.get(one.seq) ?? []), one]);
    const fit = [...renditions].map(([seq, all]) => ({ seq, message: fitting(all, maxWidth) }));
    const pictures = fit.flatMap(({ message }) => message ?? []);
    const gone = fit.filter(({ message }) => !message).map(({ seq }) => seq);
    const [from] = gone;
    const to = gone.at(-1);
    const expired = from === undefined || to === undefined ? null : { from, to, count: gone.length };
    return { messages: [...pictures, ...others].sort((a, b) => a.seq - b.seq), expired };
  }

  private lose(gone: readonly Outgoing[]): void {
    for (const { seq } of gone) if (this.gonePictures.at(-1) !== seq) this.gonePictures.push(seq);
    while (this.gonePictures.length > REMEMBERED) this.forgotten = this.gonePictures.shift() ?? this.forgotten;
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
    return this.shrink(limit);
  }

  /** The same of one that belongs beside another with its number; nothing when there is none any more. */
  insert(message: Outgoing, limit: number): Outgoing[] {
    const beside = this.messages.findLastIndex(({ seq }) => seq === message.seq);
    if (beside < 0) return [];
    this.messages.splice(beside + 1, 0, message);
    this.size += message.data.byteLength;
    return this.shrink(limit);
  }

  private shrink(limit: number): Outgoing[] {
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
