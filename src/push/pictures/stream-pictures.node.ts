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
  readonly keptPictures?: KeptPictures | undefined;
  readonly warn: (message: string) => void;
}

/** Sends the pictures of one stream to its screens, each in the size it wants, and measures the time that takes. */
export class StreamPictures {
  private readonly pictures: Pictures;

  constructor(
    private readonly id: string,
    private readonly ports: PicturePorts,
    private readonly broadcast: Broadcast,
    /** Screens of this stream, including those that are joining. */
    private readonly members: () => readonly Member[],
  ) {
    this.pictures = new Pictures({
      encode: (frame, width) => this.encode(frame, width),
      now: ports.now,
      widths: (frame) => this.widths(frame),
      onEncoded: (picture, renditions, milliseconds) => this.publish(picture, renditions, milliseconds),
      onAdded: (frame, sent, bytes, width) => this.add(frame, sent, bytes, width),
      onSkipped: () => this.publishSkipped(),
      onError: (error) => ports.warn(`Could not encode a picture of ${id}: ${String(error)}`),
    });
  }

  /** The message with a frame's picture in a size this screen can use; undefined: not sent in one. */
  messageFor(frame: Frame, { maxWidth }: Member): Outgoing | undefined {
    return fitting(this.pictures.messagesOf(frame), maxWidth);
  }

  /** Queues the picture, unless it was sent, is about to be, or nobody watches. */
  request(picture: Picture): void {
    if (this.widths(picture.frame).size > 0) this.pictures.request(picture);
  }

  /** Pending encodings of those pictures that were sent, but not in the size a screen wants. */
  missingSizes(pictures: readonly Picture[], { maxWidth }: Member): readonly Promise<void>[] {
    return pictures.flatMap(({ frame }) => this.pictures.addSize(frame, encodedWidth(frame.width, maxWidth)) ?? []);
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
    if (run !== null && number !== null) this.ports.keptPictures?.keep({ facts: { ...message, run, frame: number }, bytes });
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
