import type { FrameEvent, KeyFrameEvent, MaskEvent, PipelineEvent } from '../../event';
import type { Topic } from '../../protocol/messages';
import { emptySnapshot, type SnapshotMessage, toSnapshotMessage, updateSnapshot } from '../../protocol/stream-snapshot';
import { emptyFeed, type FeedStatus, type StreamStatus, toStatus, updateFeed } from '../../protocol/stream-status';
import type { StreamTraces } from '../../tracing/traces';
import type { Picture } from '../pictures/pictures.node';
import { StreamPictures, type PicturePorts } from '../pictures/stream-pictures.node';
import { AnnotationDelays } from './annotation-delays';
import { Arrivals, Broadcast, type Member } from './broadcast';
import { encodeBinary, encodeText } from './encode-message.node';
import type { Outgoing } from './replay';
import { toMessage, toMaskMessage } from './to-message';

export interface ChannelPorts extends PicturePorts {
  readonly traces: StreamTraces;
}

/** One stream on its way to the screens: numbers its messages, keeps its snapshot and its recent messages, and knows who listens. */
export class Channel {
  readonly delays: AnnotationDelays;
  private readonly broadcast: Broadcast;
  private readonly arrivals = new Arrivals();
  private readonly pictures: StreamPictures;
  private snapshot = emptySnapshot;
  private feed = emptyFeed;
  /** Of the valid mask. */
  private maskMessage: Outgoing | null = null;
  /** What a screen that joins is shown. */
  private shown: { mask: MaskEvent | null; keyFrame: KeyFrameEvent | null; frame: FrameEvent | null } = {
    mask: null,
    keyFrame: null,
    frame: null,
  };

  constructor(
    private readonly id: string,
    private readonly ports: ChannelPorts,
    /** The number before that of the first message. */
    head = 0,
  ) {
    this.broadcast = new Broadcast(id, ports.now, head);
    this.delays = new AnnotationDelays(id, ports);
    this.pictures = new StreamPictures(id, ports, this.broadcast, () => [...this.broadcast.members, ...this.arrivals.members]);
  }

  /** The number of the latest message. */
  get head(): number {
    return this.broadcast.head;
  }

  /** Its row of `GET /api/v1/streams`. */
  status(name: string): StreamStatus {
    return toStatus(this.id, name, this.snapshot, this.feed);
  }

  /** From now on its masks come from this model. */
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
        if (this.snapshot.keyframes.length === 0) this.shown.keyFrame = null;
        return;
      case 'keyframe':
        this.shown.keyFrame = event;
        if (event.assessed) this.ports.traces.declared(event, this.shown.frame);
        this.publishText('keyframe', toMessage(event));
        return this.pictures.want(pictureOf(event, true));
      case 'mask':
        this.shown.mask = event;
        this.publishMask(event);
        return this.pictures.want(pictureOf(event, true));
      case 'invalid':
        this.publishText('mask', toMessage(event), event.run, event.frame);
        if (!this.snapshot.validMask) this.maskMessage = this.shown.mask = null;
        return;
      case 'frame':
        this.shown.frame = event;
        this.update({ type: 'frame', run: event.run, frame: event.frame, capturedAt: event.acquisition.frame.capturedAt });
        return this.pictures.want(pictureOf(event, false));
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
   * From now on `member` gets everything; `since` is the last number it has, null if it is new or has lost track. Where others were sent the pictures that it
   * begins with, but in other sizes, it begins a moment later, once they are there in its own: so that its numbers rise.
   */
  join(member: Member, since: number | null): void {
    this.leave(member);
    this.arrivals.receive(
      member,
      () => this.pictures.lacking(this.opening(member), member),
      () => this.enter(member, since),
    );
  }

  private enter(member: Member, since: number | null): void {
    this.broadcast.members.add(member);
    const missed = since === null ? null : this.broadcast.missed(since, member);
    if (!missed) return this.present(member);
    if (missed.expired) member.tell(this.id, { topic: 'frame', ...missed.expired, reason: 'expired' });
    for (const message of missed.messages) member.offer(message, true);
    // What nobody watched while it was away was not sent.
    for (const picture of this.opening(member)) this.pictures.want(picture);
  }

  leave(member: Member): void {
    this.arrivals.leave(member);
    this.broadcast.members.delete(member);
  }

  /** The stream is gone: nobody gets anything any more. */
  close(): void {
    this.arrivals.clear();
    this.broadcast.members.clear();
  }

  /** The pictures that `member` needs to draw the present state. */
  private opening({ topics }: Member): readonly Picture[] {
    if (!topics.has('frame')) return [];
    const { mask, keyFrame, frame } = this.shown;
    const wanted = [mask && pictureOf(mask, true), keyFrame && pictureOf(keyFrame, true), frame && pictureOf(frame, false)];
    return wanted.filter((picture) => picture !== null);
  }

  /** Tells `member` the present state: a snapshot, then the valid mask and the pictures it needs, oldest first. */
  private present(member: Member): void {
    const pictures = this.opening(member);
    const sent = new Set(pictures.map(({ frame }) => this.pictures.sent(frame, member)).filter((message) => message !== undefined));
    if (this.maskMessage && member.topics.has('mask')) sent.add(this.maskMessage);
    const follow = [...sent].sort((a, b) => a.seq - b.seq);
    const seq = follow[0] ? follow[0].seq - 1 : this.broadcast.head;
    const at = this.ports.now();
    const data = encodeText({ seq, stream: this.id, at }, toSnapshotMessage(this.snapshot, this.feed, this.broadcast.head));
    const none = { run: null, frame: null };
    const facts = { type: 'snapshot', topic: 'stream', stream: this.id, seq, ...none, widths: null, binary: false } as const;
    member.offer({ ...facts, data, publishedAt: at }, true);
    for (const message of follow) member.offer(message, true);
    for (const picture of pictures) this.pictures.want(picture);
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
    this.ports.kept?.keepMask(event.run, sent.data);
    this.delays.published(event, { traceId, seq: sent.seq, publishedAt });
  }
}

function pictureOf({ acquisition, run, frame }: FrameEvent | KeyFrameEvent | MaskEvent, needed: boolean): Picture {
  return { frame: acquisition.frame, run, number: frame, needed };
}
