import type { FrameEvent, KeyFrameEvent, MaskEvent, PipelineEvent } from '../../event';
import type { ServerMessage, Topic } from '../../protocol/messages';
import { emptySnapshot, updateSnapshot, snapshot, type SnapshotState } from '../../protocol/stream-snapshot';
import type { StreamTraces } from '../../tracing/stream-traces';
import type { Picture } from '../pictures/pictures.node';
import { StreamPictures, type PicturePorts } from '../pictures/stream-pictures.node';
import { AnnotationDelays } from './annotation-delays';
import { Arrivals } from './arrivals';
import { Broadcast, type Member } from './broadcast';
import { encodeBinary, encodeText } from './encode-message.node';
import type { Outgoing } from './outgoing';
import { toMessage, toMaskMessage } from './to-message';

export interface ChannelPorts extends PicturePorts {
  readonly traces: StreamTraces;
}

/** One stream on its way to the screens: numbers its messages, keeps the present and the recent past, and knows who listens. */
export class Channel {
  private readonly broadcast: Broadcast;
  private readonly arrivals = new Arrivals();
  private readonly pictures: StreamPictures;
  private readonly delays: AnnotationDelays;
  private now: SnapshotState = emptySnapshot;
  private validMask: Outgoing | null = null;

  constructor(
    private readonly id: string,
    private readonly ports: ChannelPorts,
    /** The number before that of the first message. */
    head = 0,
  ) {
    this.broadcast = new Broadcast(id, ports.now, head);
    this.delays = new AnnotationDelays(id, ports.record);
    this.pictures = new StreamPictures(id, ports, this.broadcast, () => [...this.broadcast.members, ...this.arrivals.members]);
  }

  /** The number of the latest message. */
  get head(): number {
    return this.broadcast.head;
  }

  accept(event: PipelineEvent): void {
    this.now = updateSnapshot(this.now, event);
    switch (event.kind) {
      case 'stream':
      case 'run':
      case 'stability':
        return this.publishText(event.kind, toMessage(event));
      case 'keyframe':
        if (event.assessed) this.ports.traces.declared(event, this.now.frame);
        this.publishText('keyframe', toMessage(event));
        return this.pictures.want(pictureOf(event, true));
      case 'mask':
        this.publishMask(event);
        return this.pictures.want(pictureOf(event, true));
      case 'invalid':
        if (!this.now.mask) this.validMask = null;
        return this.publishText('mask', toMessage(event), event.run, event.frame);
      case 'frame':
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
    const { mask, keyFrame, frame } = this.now;
    const wanted = [mask && pictureOf(mask, true), keyFrame && pictureOf(keyFrame, true), frame && pictureOf(frame, false)];
    return wanted.filter((picture) => picture !== null);
  }

  /** Tells `member` the present state: a snapshot, then the valid mask and the pictures it needs, oldest first. */
  private present(member: Member): void {
    const pictures = this.opening(member);
    const sent = new Set(pictures.map(({ frame }) => this.pictures.sent(frame, member)).filter((message) => message !== undefined));
    if (this.validMask && member.topics.has('mask')) sent.add(this.validMask);
    const follow = [...sent].sort((a, b) => a.seq - b.seq);
    const seq = follow[0] ? follow[0].seq - 1 : this.broadcast.head;
    const at = this.ports.now();
    const data = encodeText({ seq, stream: this.id, at }, snapshot(this.now, this.broadcast.head, this.validMask?.seq ?? 0));
    const none = { run: null, frame: null };
    const facts = { type: 'snapshot', topic: 'stream', stream: this.id, seq, ...none, widths: null, binary: false } as const;
    member.offer({ ...facts, data, publishedAt: at }, true);
    for (const message of follow) member.offer(message, true);
    for (const picture of pictures) this.pictures.want(picture);
  }

  /** A message left for one screen. */
  delivered(message: Outgoing, client: string): void {
    const now = this.ports.now();
    this.ports.record({
      metric: 'stage_duration_seconds',
      labels: { stream: this.id, stage: 'push' },
      value: (now - message.publishedAt) / 1000,
    });
    if (message.type !== 'mask') return;
    this.delays.delivered(message.seq, now);
    this.ports.traces.delivered(message.seq, client, now);
  }

  /** A screen painted the mask of message `seq`. */
  painted(seq: number, paintedAt: number, client: string): void {
    const at = this.delays.painted(seq, paintedAt, this.ports.now());
    if (at !== null) this.ports.traces.painted(seq, client, at);
  }

  private publishText(topic: Topic, message: ServerMessage, run: string | null = null, frame: number | null = null): void {
    const at = this.ports.now();
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
    this.validMask = this.broadcast.publish({ topic: 'mask', run: event.run, frame: event.frame, encode });
    this.ports.kept?.keepMask(event.run, this.validMask.data);
    this.delays.published(this.validMask.seq, event.timing, publishedAt);
    this.ports.traces.published(event, { traceId, seq: this.validMask.seq, publishedAt });
  }
}

function pictureOf({ acquisition, run, frame }: FrameEvent | KeyFrameEvent | MaskEvent, needed: boolean): Picture {
  return { frame: acquisition.frame, run, number: frame, needed };
}
