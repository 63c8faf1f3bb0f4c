import type { ServerMessage, Topic } from '../../protocol/messages';

/** A message of a stream, encoded once for all screens; of a picture, one per size, all with the same number. */
export interface Outgoing {
  readonly type: ServerMessage['type'];
  readonly topic: Topic;
  readonly stream: string;
  readonly seq: number;
  /** The image that a mask, an invalidation or a picture belongs to. */
  readonly run: string | null;
  readonly frame: number | null;
  /** Of a picture, in pixels; else null. */
  readonly widths: { readonly captured: number; readonly encoded: number } | null;
  readonly data: Uint8Array;
  readonly binary: boolean;
  readonly publishedAt: number;
}

/** The widest rendition of a message that a screen can use; undefined: none. Only pictures have several. */
export function fitting(renditions: readonly Outgoing[], maxWidth: number | null): Outgoing | undefined {
  const usable = renditions.filter(({ widths }) => {
    if (widths === null) return true;
    return maxWidth === null ? widths.encoded === widths.captured : widths.encoded <= maxWidth;
  });
  return usable.reduce<Outgoing | undefined>((widest, one) => (widest && widthOf(widest) >= widthOf(one) ? widest : one), undefined);
}

const widthOf = ({ widths }: Outgoing): number => widths?.encoded ?? 0;

export interface ReplayLimits {
  readonly pictureBytes: number;
  /** Of everything else. */
  readonly bytes: number;
}

export const replayLimits: ReplayLimits = { pictureBytes: 8 * 1024 * 1024, bytes: 4 * 1024 * 1024 };

/** What a returning client missed. */
export interface MissedMessages {
  readonly messages: readonly Outgoing[];
  /** Range and count of the pictures that are no longer kept. */
  readonly expired: { readonly from: number; readonly to: number; readonly count: number } | null;
}

/** Numbers of dropped pictures remembered, to tell a returning client exactly what it missed. */
const DROPPED_NUMBERS_KEPT = 4096;

/** The latest messages of one stream, within limits; pictures have their own, so that they displace nothing else. */
export class Replay {
  private readonly pictures = new Ring();
  private readonly others = new Ring();
  /** Number of the latest dropped message, by topic. */
  private readonly lastDropped = new Map<Topic, number>();
  private droppedPictures: number[] = [];
  private forgotten = 0;
  private head = 0;

  constructor(private readonly limits: ReplayLimits = replayLimits) {}

  /** The sizes of a picture are pushed one after the other. */
  push(message: Outgoing): void {
    this.head = message.seq;
    if (message.topic === 'frame') return this.noteDropped(this.pictures.push(message, this.limits.pictureBytes));
    for (const { topic, seq } of this.others.push(message, this.limits.bytes)) this.lastDropped.set(topic, seq);
  }

  /** Adds a size of a picture, if another is still kept. */
  add(rendition: Outgoing): void {
    this.noteDropped(this.pictures.insert(rendition, this.limits.pictureBytes));
  }

  /**
   * Everything of `topics` after `since`, oldest first; null if that is no longer known, or never was. Of each picture
   * the widest kept within `maxWidth`: pictures nobody wanted in this size meanwhile may be smaller, or missing.
   */
  since(since: number, topics: ReadonlySet<Topic>, maxWidth: number | null = null): MissedMessages | null {
    if (since < 0 || since > this.head) return null;
    if ([...this.lastDropped].some(([topic, seq]) => topics.has(topic) && seq > since)) return null;
    const others = this.others.after(since).filter(({ topic }) => topics.has(topic));
    if (!topics.has('frame')) return { messages: others, expired: null };
    if (this.forgotten > since) return null;
    const renditions = new Map<number, readonly Outgoing[]>();
    for (const seq of this.droppedPictures) if (seq > since) renditions.set(seq, []);
    for (const one of this.pictures.after(since)) renditions.set(one.seq, [...(renditions.get(one.seq) ?? []), one]);
    const fit = [...renditions].map(([seq, all]) => ({ seq, message: fitting(all, maxWidth) }));
    const pictures = fit.flatMap(({ message }) => message ?? []);
    const gone = fit.filter(({ message }) => !message).map(({ seq }) => seq);
    const [from] = gone;
    const to = gone.at(-1);
    const expired = from === undefined || to === undefined ? null : { from, to, count: gone.length };
    return { messages: [...pictures, ...others].sort((a, b) => a.seq - b.seq), expired };
  }

  private noteDropped(dropped: readonly Outgoing[]): void {
    for (const { seq } of dropped) if (this.droppedPictures.at(-1) !== seq) this.droppedPictures.push(seq);
    while (this.droppedPictures.length > DROPPED_NUMBERS_KEPT) this.forgotten = this.droppedPictures.shift() ?? this.forgotten;
  }
}

class Ring {
  private readonly messages: Outgoing[] = [];
  private size = 0;

  /** Searches from the end: a returning client has missed few of the thousands kept. */
  after(since: number): readonly Outgoing[] {
    return this.messages.slice(this.messages.findLastIndex(({ seq }) => seq <= since) + 1);
  }

  /** Keeps `message` and returns what was dropped for it. */
  push(message: Outgoing, limit: number): Outgoing[] {
    this.messages.push(message);
    this.size += message.data.byteLength;
    return this.shrink(limit);
  }

  /** Likewise, next to a message with the same number; does nothing if there is none. */
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
