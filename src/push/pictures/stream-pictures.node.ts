import type { Frame } from '../../frame';
import type { Sample } from '../../measure/metrics';
import type { LossMessage } from '../../protocol/messages';
import { encodedWidth, sizeName } from '../../protocol/picture-widths';
import type { StreamTraces } from '../../tracing/traces';
import type { Broadcast, Member } from '../websocket/broadcast';
import { encodeBinary, encodeText } from '../websocket/encode-message.node';
import { fitting, type Outgoing } from '../websocket/replay';
import { toPictureMessage } from '../websocket/to-message';
import type { KeptPictures } from './kept-pictures';
import { type EncodePicture, type Picture, type PictureEncoding, Pictures, type Renditions } from './pictures.node';

export interface PicturePorts {
  readonly now: () => number;
  readonly record: (sample: Sample) => void;
  readonly encode: EncodePicture;
  readonly encoding: PictureEncoding;
  readonly traces: Pick<StreamTraces, 'encoded'>;
  /** Without it, nothing is kept for later. */
  readonly kept?: KeptPictures | undefined;
  readonly warn: (message: string) => void;
}

/** Sends the pictures of one stream to whoever watches, each in the size that it wants, and measures what that takes. */
export class StreamPictures {
  private readonly pictures: Pictures;

  constructor(
    private readonly id: string,
    private readonly ports: PicturePorts,
    private readonly broadcast: Broadcast,
    /** Who hears this stream, or is about to. */
    private readonly members: () => readonly Member[],
  ) {
    this.pictures = new Pictures({
      encode: (frame, width) => this.encode(frame, width),
      now: ports.now,
      widths: (frame) => this.widths(frame),
      encoded: (picture, renditions, milliseconds) => this.publish(picture, renditions, milliseconds),
      added: (frame, sent, bytes, width) => this.add(frame, sent, bytes, width),
      skipped: () => this.publishSkipped(),
      failed: (error) => ports.warn(`Could not encode a picture of ${id}: ${String(error)}`),
    });
  }

  /** The message in which a screen gets a frame's picture that was sent; undefined: not yet, or not in a size it can use. */
  sent(frame: Frame, { maxWidth }: Member): Outgoing | undefined {
    return fitting(this.pictures.sent(frame), maxWidth);
  }

  /** Sees to it that the picture is sent, unless it was, is about to be, or nobody watches. */
  want(picture: Picture): void {
    if (this.widths(picture.frame).size > 0) this.pictures.want(picture);
  }

  /** What has to be waited for until all of these pictures that were sent are there in the size that a screen wants. */
  lacking(pictures: readonly Picture[], { maxWidth }: Member): readonly Promise<void>[] {
    return pictures.flatMap(({ frame }) => this.pictures.lacking(frame, encodedWidth(frame.width, maxWidth)) ?? []);
  }

  private widths(frame: Frame): ReadonlySet<number> {
    const watching = this.members().filter(({ topics }) => topics.has('frame'));
    return new Set(watching.map(({ maxWidth }) => encodedWidth(frame.width, maxWidth)));
  }

  private async encode(frame: Frame, width: number): Promise<Buffer> {
    const startedAt = this.ports.now();
    const bytes = await this.ports.encode(frame, width);
    const labels = { stream: this.id, size: sizeName(frame.width, width) };
    this.ports.record({ metric: 'picture_encode_seconds', labels, value: (this.ports.now() - startedAt) / 1000 });
    return bytes;
  }

  private publish({ frame, run, number }: Picture, renditions: Renditions, milliseconds: number): readonly Outgoing[] {
    const at = this.ports.now();
    this.ports.record({ metric: 'stage_duration_seconds', labels: { stream: this.id, stage: 'encode' }, value: milliseconds / 1000 });
    this.ports.traces.encoded(frame, { startedAt: at - milliseconds, endedAt: at });
    const encode = (seq: number) =>
      [...renditions].map(([width, bytes]) => this.rendition(frame, { seq, run, frame: number }, at, bytes, width));
    return this.broadcast.publishPicture({ topic: 'frame', run, frame: number, encode });
  }

  private add(frame: Frame, sent: Outgoing, bytes: Buffer, width: number): Outgoing {
    const added = { ...sent, ...this.rendition(frame, sent, sent.publishedAt, bytes, width) };
    this.broadcast.keep(added);
    return added;
  }

  private rendition(frame: Frame, place: Pick<Outgoing, 'seq' | 'run' | 'frame'>, at: number, bytes: Buffer, width: number) {
    const message = toPictureMessage(frame, place, this.ports.encoding, width);
    const { run, frame: number } = place;
    if (run !== null && number !== null) this.ports.kept?.keep({ facts: { ...message, run, frame: number }, bytes });
    const data = encodeBinary({ seq: place.seq, stream: this.id, at }, message, bytes);
    return { type: message.type, widths: { captured: frame.width, encoded: width }, data, binary: true };
  }

  private publishSkipped(): void {
    const at = this.ports.now();
    const loss = (seq: number): LossMessage => ({ type: 'loss', topic: 'frame', from: seq, to: seq, count: 1, reason: 'encoder-behind' });
    const encode = (seq: number) => ({ type: 'loss' as const, data: encodeText({ seq, stream: this.id, at }, loss(seq)), binary: false });
    this.broadcast.publish({ topic: 'frame', run: null, frame: null, encode });
    this.ports.record({
      metric: 'client_messages_dropped_total',
      labels: { topic: 'frame', reason: 'encoder-behind' },
      value: this.broadcast.audience('frame'),
    });
  }
}
