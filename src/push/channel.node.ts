import type { FrameEvent, KeyFrameEvent, MaskEvent, PipelineEvent } from '../event';
import { maskLatency } from '../measure/latency';
import type { Sample } from '../measure/metrics';
import { announcement, maskAnnouncement } from './announcement';
import type { EncodePicture, PictureEncoding } from './image-codec.node';
import type { Outgoing } from './outgoing';
import { Pictures, type Picture } from './pictures.node';
import { nothingYet, present, snapshot, type Present } from './present';
import type { FrameMessage, LossMessage, ServerMessage, Topic } from './protocol';
import { Replay } from './replay';
import { binary, text } from './wire.node';

/** A screen, as a channel sees it. */
export interface Member {
  readonly topics: ReadonlySet<Topic>;
  offer(message: Outgoing, replayed: boolean): void;
  tell(stream: string, loss: Omit<LossMessage, 'type'>): void;
}

export interface ChannelPorts {
  readonly now: () => number;
  readonly record: (sample: Sample) => void;
  readonly encode: EncodePicture;
  readonly encoding: PictureEncoding;
  readonly warn: (message: string) => void;
}

/** How many masks a screen may still report as painted. */
const MASKS_REMEMBERED = 64;

/** One stream on its way to the screens: numbers its messages, keeps the present and the recent past, and knows who listens. */
export class Channel {
  private readonly members = new Set<Member>();
  private readonly replay = new Replay();
  private readonly pictures: Pictures;
  private readonly masks = new Map<number, { readonly decidedAt: number; readonly publishedAt: number }>();
  private now: Present = nothingYet;
  private validMask: Outgoing | null = null;
  private seq = 0;

  constructor(
    private readonly id: string,
    private readonly ports: ChannelPorts,
  ) {
    this.pictures = new Pictures({
      encode: ports.encode,
      now: ports.now,
      encoded: (picture, bytes, milliseconds) => this.publishPicture(picture, bytes, milliseconds),
      skipped: () => this.publishSkipped(),
      failed: (error) => ports.warn(`Could not encode a picture of ${id}: ${String(error)}`),
    });
  }

  accept(event: PipelineEvent): void {
    this.now = present(this.now, event);
    switch (event.kind) {
      case 'stream':
      case 'run':
      case 'stability':
        return this.publishText(event.kind, announcement(event), event.at);
      case 'keyframe':
        this.publishText('keyframe', announcement(event), event.at);
        return this.showIfWatched(pictureOf(event, true));
      case 'mask':
        this.publishMask(event);
        return this.showIfWatched(pictureOf(event, true));
      case 'invalid':
        if (!this.now.mask) this.validMask = null;
        return this.publishText('mask', announcement(event), event.at, event.run, event.frame);
      case 'frame':
        return this.showIfWatched(pictureOf(event, false));
      case 'picture':
      case 'rate':
      case 'fate':
      case 'stage':
      case 'anticipation':
      case 'reconnect':
      case 'failure':
        return;
    }
  }

  /** From now on `member` gets everything; `since` is the last number it has, null if it is new. */
  join(member: Member, since: number | null): void {
    this.members.add(member);
    const missed = since === null ? null : this.replay.since(since, member.topics);
    if (!missed) return this.present(member);
    if (missed.expired) member.tell(this.id, { topic: 'frame', ...missed.expired, reason: 'expired' });
    for (const message of missed.messages) member.offer(message, true);
  }

  leave(member: Member): void {
    this.members.delete(member);
  }

  /** Tells `member` the present state: a snapshot, then the valid mask and the pictures it needs, oldest first. */
  present(member: Member): void {
    const { mask, keyFrame, frame } = this.now;
    const wanted = member.topics.has('frame')
      ? [mask && pictureOf(mask, true), keyFrame && pictureOf(keyFrame, true), frame && pictureOf(frame, false)]
      : [];
    const pictures = wanted.filter((picture) => picture !== null);
    const sent = new Set(pictures.map((picture) => this.pictures.sent(picture.frame)).filter((message) => message !== undefined));
    if (this.validMask && member.topics.has('mask')) sent.add(this.validMask);
    const follow = [...sent].sort((a, b) => a.seq - b.seq);
    const seq = follow[0] ? follow[0].seq - 1 : this.seq;
    const at = this.ports.now();
    const data = text({ seq, stream: this.id, at }, snapshot(this.now, this.seq, this.validMask?.seq ?? 0));
    const none = { run: null, frame: null };
    member.offer({ type: 'snapshot', topic: 'stream', stream: this.id, seq, ...none, data, binary: false, publishedAt: at }, true);
    for (const message of follow) member.offer(message, true);
    for (const picture of pictures) this.pictures.want(picture);
  }

  /** A message left for one screen. */
  delivered(message: Outgoing): void {
    const now = this.ports.now();
    this.ports.record({
      metric: 'stage_duration_seconds',
      labels: { stream: this.id, stage: 'push' },
      value: (now - message.publishedAt) / 1000,
    });
    const mask = message.type === 'mask' ? this.masks.get(message.seq) : undefined;
    if (mask) this.recordDelay('delivered', now - mask.decidedAt);
  }

  /** A screen painted the mask of message `seq`. Times that cannot be are not counted. */
  painted(seq: number, paintedAt: number): void {
    const mask = this.masks.get(seq);
    const tolerance = 50;
    if (!mask || paintedAt < mask.publishedAt - tolerance || paintedAt > this.ports.now() + tolerance) return;
    this.recordDelay('painted', paintedAt - mask.decidedAt);
  }

  private publishText(topic: Topic, message: ServerMessage, at: number, run: string | null = null, frame: number | null = null): void {
    this.publish({
      topic,
      at,
      run,
      frame,
      encode: (seq) => ({ type: message.type, data: text({ seq, stream: this.id, at }, message), binary: false }),
    });
  }

  private publishMask(event: MaskEvent): void {
    const publishedAt = this.ports.now();
    const message = maskAnnouncement(event, publishedAt);
    const encode = (seq: number) => ({
      type: message.type,
      data: binary({ seq, stream: this.id, at: event.at }, message, event.mask.runLengths),
      binary: true,
    });
    this.validMask = this.publish({ topic: 'mask', at: publishedAt, run: event.run, frame: event.frame, encode });
    this.masks.set(this.validMask.seq, { decidedAt: event.timing.capturedAt, publishedAt });
    for (const seq of this.masks.keys()) if (this.masks.size > MASKS_REMEMBERED) this.masks.delete(seq);
    this.recordDelay('published', maskLatency(event.timing, publishedAt).total);
  }

  private publishPicture({ frame, run, number }: Picture, bytes: Buffer, milliseconds: number): Outgoing {
    const at = this.ports.now();
    const { capturedAt, width, height } = frame;
    const message: FrameMessage = {
      type: 'frame',
      run,
      frame: number,
      capturedAt,
      width,
      height,
      encoding: this.ports.encoding,
      repeated: false,
    };
    this.ports.record({ metric: 'stage_duration_seconds', labels: { stream: this.id, stage: 'encode' }, value: milliseconds / 1000 });
    const encode = (seq: number) => ({ type: message.type, data: binary({ seq, stream: this.id, at }, message, bytes), binary: true });
    return this.publish({ topic: 'frame', at, run, frame: number, encode });
  }

  private publishSkipped(): void {
    const at = this.ports.now();
    const loss = (seq: number): LossMessage => ({ type: 'loss', topic: 'frame', from: seq, to: seq, count: 1, reason: 'encoder-behind' });
    const encode = (seq: number) => ({ type: 'loss' as const, data: text({ seq, stream: this.id, at }, loss(seq)), binary: false });
    this.publish({ topic: 'frame', at, run: null, frame: null, encode });
    const watching = [...this.members].filter(({ topics }) => topics.has('frame')).length;
    this.ports.record({ metric: 'client_messages_dropped_total', labels: { topic: 'frame', reason: 'encoder-behind' }, value: watching });
  }

  private publish(said: {
    readonly topic: Topic;
    readonly at: number;
    readonly run: string | null;
    readonly frame: number | null;
    readonly encode: (seq: number) => Pick<Outgoing, 'type' | 'data' | 'binary'>;
  }): Outgoing {
    const { topic, run, frame } = said;
    this.seq += 1;
    const message: Outgoing = {
      ...said.encode(this.seq),
      topic,
      stream: this.id,
      seq: this.seq,
      run,
      frame,
      publishedAt: this.ports.now(),
    };
    this.replay.push(message);
    for (const member of this.members) if (member.topics.has(topic)) member.offer(message, false);
    return message;
  }

  private showIfWatched(picture: Picture): void {
    for (const { topics } of this.members) if (topics.has('frame')) return this.pictures.want(picture);
  }

  private recordDelay(until: 'published' | 'delivered' | 'painted', milliseconds: number): void {
    this.ports.record({ metric: 'annotation_delay_seconds', labels: { stream: this.id, until }, value: milliseconds / 1000 });
  }
}

function pictureOf({ acquisition, run, frame }: FrameEvent | KeyFrameEvent | MaskEvent, needed: boolean): Picture {
  return { frame: acquisition.frame, run, number: frame, needed };
}
