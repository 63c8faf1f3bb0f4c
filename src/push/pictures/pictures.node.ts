import sharp, { type Sharp } from 'sharp';
import type { Frame } from '../../frame';
import { encodedSize } from '../../protocol/picture-widths';
import type { Outgoing } from '../websocket/replay';

/** A picture to be sent, with its place in a run. */
export interface Picture {
  readonly frame: Frame;
  readonly run: string | null;
  readonly number: number | null;
  /** A key frame: it is never skipped for newer pictures. */
  readonly needed: boolean;
}

/** A picture's encodings by width. */
export type Renditions = ReadonlyMap<number, Buffer>;

interface Ports {
  readonly encode: EncodePicture;
  readonly now: () => number;
  /** The widths in which screens want this frame now; none: nobody watches. */
  readonly widths: (frame: Frame) => ReadonlySet<number>;
  readonly onEncoded: (picture: Picture, renditions: Renditions, milliseconds: number) => readonly Outgoing[];
  /** One more size of a picture already sent as `sent`. */
  readonly onAdded: (frame: Frame, sent: Outgoing, bytes: Buffer, width: number) => Outgoing;
  /** A picture that gave way to newer ones. */
  readonly onSkipped: (picture: Picture) => void;
  readonly onError: (error: unknown) => void;
}

/** Short hiccups lose nothing, and at 7.5 acquisitions a second no picture is half a second late. */
const MAX_WAITING = 4;

/**
 * Encodes the pictures of one stream in the order requested, one after the other: once per width, for all screens that
 * watch in that width, and not at all if nobody watches by then. When too many wait, the oldest is skipped.
 */
export class Pictures {
  /** A frame's messages, or that it is being encoded. */
  private readonly states = new WeakMap<Frame, readonly Outgoing[] | 'under way'>();
  /** Widths requested after a picture was sent. Failed ones stay, so that nobody waits for them again. */
  private readonly extraSizes = new WeakMap<Frame, Map<number, Promise<void> | 'failed'>>();
  private waiting: Picture[] = [];
  private busy = false;

  constructor(private readonly ports: Ports) {}

  /** The messages that carried a frame's picture, one per width; none if it was not sent. */
  messagesOf(frame: Frame): readonly Outgoing[] {
    const known = this.states.get(frame);
    return known === undefined || known === 'under way' ? [] : known;
  }

  /** Encodes a picture that was sent in other widths in this one, too, once for all; null: nothing to wait for. */
  addSize(frame: Frame, width: number): Promise<void> | null {
    const sent = this.messagesOf(frame);
    if (sent.length === 0 || sent.some(({ widths }) => widths?.encoded === width)) return null;
    const late = this.extraSizes.get(frame) ?? new Map<number, Promise<void> | 'failed'>();
    const started = late.get(width);
    if (started) return started === 'failed' ? null : started;
    const work = this.add(frame, width, late);
    this.extraSizes.set(frame, late.set(width, work));
    return work;
  }

  /** Queues the picture, unless it was sent or is about to be. */
  request(picture: Picture): void {
    const waiting = this.waiting.find(({ frame }) => frame === picture.frame);
    if (waiting) {
      if (picture.needed) this.waiting = this.waiting.map((entry) => (entry === waiting ? { ...entry, needed: true } : entry));
      return;
    }
    if (this.states.has(picture.frame)) return;
    const skippable = this.waiting.filter(({ needed }) => !needed);
    const [skipped] = skippable;
    if (skipped && skippable.length >= MAX_WAITING && !picture.needed) {
      this.waiting = this.waiting.filter((entry) => entry !== skipped);
      skipped.frame.loan?.release();
      this.ports.onSkipped(skipped);
    }
    this.waiting.push(picture);
    picture.frame.loan?.hold();
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    for (let picture = this.waiting.shift(); picture; picture = this.waiting.shift()) {
      this.states.set(picture.frame, 'under way');
      const startedAt = this.ports.now();
      try {
        const renditions = await this.renditions(picture.frame);
        if (renditions.size === 0) this.states.delete(picture.frame);
        else this.states.set(picture.frame, this.ports.onEncoded(picture, renditions, this.ports.now() - startedAt));
      } catch (error) {
        this.states.delete(picture.frame);
        this.ports.onError(error);
      }
      picture.frame.loan?.release();
    }
    this.busy = false;
  }

  /** In every width wanted by the time all are encoded: a screen that joins meanwhile may want another. */
  private async renditions(frame: Frame): Promise<Renditions> {
    const encoded = new Map<number, Buffer>();
    const missingWidths = (): readonly number[] => [...this.ports.widths(frame)].filter((width) => !encoded.has(width));
    for (let widths = missingWidths(); widths.length > 0; widths = missingWidths())
      await Promise.all(widths.map(async (width) => encoded.set(width, await this.ports.encode(frame, width))));
    return encoded;
  }

  private async add(frame: Frame, width: number, late: Map<number, Promise<void> | 'failed'>): Promise<void> {
    frame.loan?.hold();
    try {
      const bytes = await this.ports.encode(frame, width);
      const sent = this.messagesOf(frame);
      const [one] = sent;
      if (one) this.states.set(frame, [...sent, this.ports.onAdded(frame, one, bytes, width)]);
      late.delete(width);
    } catch (error) {
      late.set(width, 'failed');
      this.ports.onError(error);
    }
    frame.loan?.release();
  }
}

export type PictureEncoding = 'jpeg' | 'png';

/** Encodes a captured picture in grey, at most as wide as captured, off the main thread. */
export type EncodePicture = (frame: Frame, width: number) => Promise<Buffer>;

/** One thread per picture, because inference needs the processor; no cache, because no picture comes twice. */
sharp.concurrency(1);
sharp.cache(false);

export function encodePicture(encoding: PictureEncoding, quality = 90): EncodePicture {
  return (frame, width) => {
    const captured = grey(frame.pixels, frame.width, frame.height);
    const image = width === frame.width ? captured : captured.resize({ ...encodedSize(frame, width), fit: 'fill' });
    return (encoding === 'jpeg' ? image.jpeg({ quality }) : image.png({ compressionLevel: 3 })).toBuffer();
  };
}

export function grey(pixels: Uint8Array, width: number, height: number): Sharp {
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return sharp(bytes, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
}
