import type { FrameEvent, KeyFrameEvent, MaskEvent, PipelineEvent } from '../../event';
import type { Topic } from '../../protocol/messages';
import { emptySnapshot, type SnapshotMessage, toSnapshotMessage, updateSnapshot } from '../../protocol/stream-snapshot';
import { emptyFeed, type FeedStatus, type StreamStatus, toStatus, updateFeed } from '../../protocol/stream-status';
import type { StreamTraces } from '../../tracing/traces';
import type { Picture } from '../pictures/pictures.node';
import { StreamPictures, type PicturePorts } from '../pictures/stream-pictures.node';
import { AnnotationDelays } from './annotation-delays';
import { JoiningMembers, Broadcast, type Member } from './broadcast';
import { encodeBinary, encodeText } from './encode-message.node';
import type { Outgoing } from './replay';
import { toMessage, toMaskMessage } from './to-message';

export interface ChannelPorts extends PicturePorts {
  readonly traces: StreamTraces;
}

/** One stream on its way to the screens: turns events into messages and keeps what a joining screen needs. */
export class Channel {
  readonly delays: AnnotationDelays;
  private readonly broadcast: Broadcast;
  private readonly joining = new JoiningMembers();
  private readonly pictures: StreamPictures;
  private snapshot = emptySnapshot;
  private feed = emptyFeed;
  /** The message of the valid mask. */
  private maskMessage: Outgoing | null = null;
  /** The images shown to a joining screen. */
  private latest: { mask: MaskEvent | null; keyFrame: KeyFrameEvent | null; frame: FrameEvent | null } = {
    mask: null,
    keyFrame: null,
    frame: null,
  };

  constructor(
    private readonly id: string,
    private readonly ports: ChannelPorts,
    /** Number of the latest message. */
    head = 0,
  ) {
    this.broadcast = new Broadcast(id, ports.now, head);
    this.delays = new AnnotationDelays(id, ports);
    this.pictures = new StreamPictures(id, ports, this.broadcast, () => [...this.broadcast.members, ...this.joining.members]);
  }

  get head(): number {
    return this.broadcast.head;
  }

  /** Its row of `GET /api/v1/streams`. */
  status(name: string): StreamStatus {
    return toStatus(this.id, name, this.snapshot, this.feed);
  }

  use(model: Pick<FeedStatus, 'model' | 'provider'>): void {
    this.feed = { ...this.feed, ...model };
  }

  accept(event: PipelineEvent): void {
    this.feed = updateFeed(this.feed, event);
    switch (event.kind) {
      case 'stream':
      case 'stability':
        return this.publishText(event.kind, toMessage(event));
      case 'run':
        this.publishText('run', toMessage(event));
        if (this.snapshot.keyframes.length === 0) this.latest.keyFrame = null;
        return;
      case 'keyframe':
        this.latest.keyFrame = event;
        if (event.assessed) this.ports.traces.declared(event, this.latest.frame);
        this.publishText('keyframe', toMessage(event));
        return this.pictures.request(pictureOf(event, true));
      case 'mask':
        this.latest.mask = event;
        this.publishMask(event);
        return this.pictures.request(pictureOf(event, true));
      case 'invalid':
        this.publishText('mask', toMessage(event), event.run, event.frame);
        if (!this.snapshot.validMask) this.maskMessage = this.latest.mask = null;
        return;
      case 'frame':
        this.latest.frame = event;
        this.update({ type: 'frame', run: event.run, frame: event.frame, capturedAt: event.acquisition.frame.capturedAt });
        return this.pictures.request(pictureOf(event, false));
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

  /**
   * Sends `member` everything after `since`, the last number it has (null: none, or unknown), or a snapshot. If its
   * first pictures were sent in other sizes only, it enters once they are encoded in its own, so that its numbers rise.
   */
  join(member: Member, since: number | null): void {
    this.leave(member);
    this.joining.add(
      member,
      () => this.pictures.missingSizes(this.initialPictures(member), member),
      () => this.enter(member, since),
    );
  }

  private enter(member: Member, since: number | null): void {
    this.broadcast.members.add(member);
    const missed = since === null ? null : this.broadcast.missed(since, member);
    if (!missed) return this.sendSnapshot(member);
    if (missed.expired) member.noteLoss(this.id, { topic: 'frame', ...missed.expired, reason: 'expired' });
    for (const message of missed.messages) member.offer(message, true);
    // Pictures that nobody watched meanwhile were not sent.
    for (const picture of this.initialPictures(member)) this.pictures.request(picture);
  }

  leave(member: Member): void {
    this.joining.remove(member);
    this.broadcast.members.delete(member);
  }

  /** The stream was removed. */
  close(): void {
    this.joining.clear();
    this.broadcast.members.clear();
  }

  /** The pictures `member` needs to draw the current state. */
  private initialPictures({ topics }: Member): readonly Picture[] {
    if (!topics.has('frame')) return [];
    const { mask, keyFrame, frame } = this.latest;
    const wanted = [mask && pictureOf(mask, true), keyFrame && pictureOf(keyFrame, true), frame && pictureOf(frame, false)];
    return wanted.filter((picture) => picture !== null);
  }

  /** Sends the current state: a snapshot, then the valid mask and the pictures, oldest first. */
  private sendSnapshot(member: Member): void {
    const pictures = this.initialPictures(member);
    const messages = new Set(
      pictures.map(({ frame }) => this.pictures.messageFor(frame, member)).filter((message) => message !== undefined),
    );
    if (this.maskMessage && member.topics.has('mask')) messages.add(this.maskMessage);
    const follow = [...messages].sort((a, b) => a.seq - b.seq);
    const seq = follow[0] ? follow[0].seq - 1 : this.broadcast.head;
    const at = this.ports.now();
    const data = encodeText({ seq, stream: this.id, at }, toSnapshotMessage(this.snapshot, this.feed, this.broadcast.head));
    const none = { run: null, frame: null };
    const facts = { type: 'snapshot', topic: 'stream', stream: this.id, seq, ...none, widths: null, binary: false } as const;
    member.offer({ ...facts, data, publishedAt: at }, true);
    for (const message of follow) member.offer(message, true);
    for (const picture of pictures) this.pictures.request(picture);
  }

  private update(message: SnapshotMessage): void {
    this.snapshot = updateSnapshot(this.snapshot, message);
  }

  private publishText(topic: Topic, message: ReturnType<typeof toMessage>, run: string | null = null, frame: number | null = null): void {
    const at = this.ports.now();
    this.update(message);
    this.broadcast.publish({
      topic,
      run,
      frame,
      encode: (seq) => ({ type: message.type, data: encodeText({ seq, stream: this.id, at }, message), binary: false }),
    });
  }

  private publishMask(event: MaskEvent): void {
    const publishedAt = this.ports.now();
    const traceId = this.ports.traces.newId();
    const message = toMaskMessage(event, publishedAt, traceId);
    const encode = (seq: number) => ({
      type: message.type,
      data: encodeBinary({ seq, stream: this.id, at: event.at }, message, event.mask.runLengths),
      binary: true,
    });
    const sent = this.broadcast.publish({ topic: 'mask', run: event.run, frame: event.frame, encode });
    this.maskMessage = sent;
    this.update({ ...message, seq: sent.seq });
    this.ports.keptPictures?.keepMask(event.run, sent.data);
    this.delays.published(event, { traceId, seq: sent.seq, publishedAt });
  }
}

function pictureOf({ acquisition, run, frame }: FrameEvent | KeyFrameEvent | MaskEvent, needed: boolean): Picture {
  return { frame: acquisition.frame, run, number: frame, needed };
}
