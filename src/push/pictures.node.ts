import type { Frame } from '../frame';
import type { EncodePicture } from './image-codec.node';
import type { Outgoing } from './outgoing';

/** A picture somebody wants to see, with its place in a run. */
export interface Picture {
  readonly frame: Frame;
  readonly run: string | null;
  readonly number: number | null;
  /** A key frame: it waits for its turn instead of giving way to newer pictures. */
  readonly needed: boolean;
}

interface Ports {
  readonly encode: EncodePicture;
  readonly now: () => number;
  readonly encoded: (picture: Picture, bytes: Buffer, milliseconds: number) => Outgoing;
  /** A picture that was passed over, for a newer one came before its turn. */
  readonly skipped: (picture: Picture) => void;
  readonly failed: (error: unknown) => void;
}

/** Pictures that may wait: a moment's hiccup loses none, and at 7.5 acquisitions a second none is shown half a second late. */
const WAITING = 4;

/** Encodes the pictures of one stream, each once, one after the other, in the order asked for. When too many wait, the oldest gives way. */
export class Pictures {
  /** What became of a frame's picture; goes with the frame. */
  private readonly known = new WeakMap<Frame, Outgoing | 'under way'>();
  private waiting: Picture[] = [];
  private busy = false;

  constructor(private readonly ports: Ports) {}

  /** The message a frame's picture was sent in, if it was. */
  sent(frame: Frame): Outgoing | undefined {
    const known = this.known.get(frame);
    return known === 'under way' ? undefined : known;
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
        const bytes = await this.ports.encode(picture.frame);
        this.known.set(picture.frame, this.ports.encoded(picture, bytes, this.ports.now() - startedAt));
      } catch (error) {
        this.known.delete(picture.frame);
        this.ports.failed(error);
      }
      picture.frame.loan?.release();
    }
    this.busy = false;
  }
}
