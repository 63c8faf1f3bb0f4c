import sharp, { type Sharp } from 'sharp';
import type { Frame } from '../../frame';
import { encodedSize } from '../../protocol/picture-widths';
import type { Outgoing } from '../websocket/replay';

/** A picture somebody wants to see, with its place in a run. */
export interface Picture {
  readonly frame: Frame;
  readonly run: string | null;
  readonly number: number | null;
  /** A key frame: it waits for its turn instead of giving way to newer pictures. */
  readonly needed: boolean;
}

/** A picture's bytes by the width they were encoded in. */
export type Renditions = ReadonlyMap<number, Buffer>;

interface Ports {
  readonly encode: EncodePicture;
  readonly now: () => number;
  /** The widths in which a picture of this frame is wanted now; none: nobody watches. */
  readonly widths: (frame: Frame) => ReadonlySet<number>;
  readonly encoded: (picture: Picture, renditions: Renditions, milliseconds: number) => readonly Outgoing[];
  /** One more size of a picture that was sent already, in the messages `sent`. */
  readonly added: (frame: Frame, sent: Outgoing, bytes: Buffer, width: number) => Outgoing;
  /** A picture that was passed over, for a newer one came before its turn. */
  readonly skipped: (picture: Picture) => void;
  readonly failed: (error: unknown) => void;
}

/** Pictures that may wait: a moment's hiccup loses none, and at 7.5 acquisitions a second none is shown half a second late. */
const WAITING = 4;

/**
 * Encodes the pictures of one stream one after the other, in the order asked for; each once a width, for all who watch in that width, and not at all when
 * nobody watches any more. When too many wait, the oldest gives way.
 */
export class Pictures {
  /** What became of a frame's picture; goes with the frame. */
  private readonly known = new WeakMap<Frame, readonly Outgoing[] | 'under way'>();
  /** Widths that were asked for after a picture was sent; they stay when they failed, so that nobody waits for them again. */
  private readonly late = new WeakMap<Frame, Map<number, Promise<void> | 'failed'>>();
  private waiting: Picture[] = [];
  private busy = false;

  constructor(private readonly ports: Ports) {}

  /** The messages a frame's picture was sent in, one a width; none if it was not. */
  sent(frame: Frame): readonly Outgoing[] {
    const known = this.known.get(frame);
    return known === undefined || known === 'under way' ? [] : known;
  }

  /** Where a frame's picture was sent, but not in this width: makes it so, once for all who ask, and says when. Null: there is nothing to wait for. */
  lacking(frame: Frame, width: number): Promise<void> | null {
    const sent = this.sent(frame);
    if (sent.length === 0 || sent.some(({ widths }) => widths?.encoded === width)) return null;
    const late = this.late.get(frame) ?? new Map<number, Promise<void> | 'failed'>();
    const begun = late.get(width);
    if (begun) return begun === 'failed' ? null : begun;
    const work = this.add(frame, width, late);
    this.late.set(frame, late.set(width, work));
    return work;
  }

  /** Sees to it that the picture is sent, unless it was or is about to be. */
  want(picture: Picture): void {
    const waiting = this.waiting.find(({ frame }) => frame === picture.frame);
    if (waiting) {
      if (picture.needed) this.waiting = this.waiting.map((entry) => (entry === waiting ? { ...entry, needed: true } : entry));
      return;
    }
    if (this.known.has(picture.frame)) return;
    const passing = this.waiting.filter(({ needed }) => !needed);
    const [passed] = passing;
    if (passed && passing.length >= WAITING && !picture.needed) {
      this.waiting = this.waiting.filter((entry) => entry !== passed);
      passed.frame.loan?.release();
      this.ports.skipped(passed);
    }
    this.waiting.push(picture);
    picture.frame.loan?.hold();
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    for (let picture = this.waiting.shift(); picture; picture = this.waiting.shift()) {
      this.known.set(picture.frame, 'under way');
      const startedAt = this.ports.now();
      try {
        const renditions = await this.renditions(picture.frame);
        if (renditions.size === 0) this.known.delete(picture.frame);
        else this.known.set(picture.frame, this.ports.encoded(picture, renditions, this.ports.now() - startedAt));
      } catch (error) {
        this.known.delete(picture.frame);
        this.ports.failed(error);
      }
      picture.frame.loan?.release();
    }
    this.busy = false;
  }

  /** In every width that is wanted by the time all are there: whoever comes meanwhile may want another. */
  private async renditions(frame: Frame): Promise<Renditions> {
    const made = new Map<number, Buffer>();
    const missing = (): readonly number[] => [...this.ports.widths(frame)].filter((width) => !made.has(width));
    for (let widths = missing(); widths.length > 0; widths = missing())
      await Promise.all(widths.map(async (width) => made.set(width, await this.ports.encode(frame, width))));
    return made;
  }

  private async add(frame: Frame, width: number, late: Map<number, Promise<void> | 'failed'>): Promise<void> {
    frame.loan?.hold();
    try {
      const bytes = await this.ports.encode(frame, width);
      const sent = this.sent(frame);
      const [one] = sent;
      if (one) this.known.set(frame, [...sent, this.ports.added(frame, one, bytes, width)]);
      late.delete(width);
    } catch (error) {
      late.set(width, 'failed');
      this.ports.failed(error);
    }
    frame.loan?.release();
  }
}

export type PictureEncoding = 'jpeg' | 'png';

/** Encodes a captured picture `width` pixels wide, which is no more than it was captured, in grey, off the main thread. */
export type EncodePicture = (frame: Frame, width: number) => Promise<Buffer>;

/** One thread a picture and nothing cached: inference has the processor, and every picture is a new one. */
sharp.concurrency(1);
sharp.cache(false);

export function encodePicture(encoding: PictureEncoding, quality = 90): EncodePicture {
  return (frame, width) => {
    const captured = grey(frame.pixels, frame.width, frame.height);
    const image = width === frame.width ? captured : captured.resize({ ...encodedSize(frame, width), fit: 'fill' });
    return (encoding === 'jpeg' ? image.jpeg({ quality }) : image.png({ compressionLevel: 3 })).toBuffer();
  };
}

/** A picture from `width` × `height` grey values. */
export function grey(pixels: Uint8Array, width: number, height: number): Sharp {
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return sharp(bytes, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
}
