import type { Frame, FrameFacts, Loan, Rect } from '../../frame';

/**
 * A frame whose pixels another thread lent: there while somebody here holds it, and for good once it is kept. To read them later is a mistake, and throws: by then they may
 * show another picture.
 */
export class LentFrame implements Frame {
  readonly stream: string;
  readonly index: number;
  readonly capturedAt: number;
  readonly width: number;
  readonly height: number;
  readonly pixelAspect: number | undefined;
  /** Changes once, when it becomes known. */
  imageArea: Rect;
  private holders = 1;
  private own: Uint8Array | null = null;

  /** Held once, by whoever makes it; `lender` is released when the last holder is. */
  constructor(
    facts: FrameFacts,
    private lent: Uint8Array | null,
    private readonly lender: Loan,
  ) {
    ({
      stream: this.stream,
      index: this.index,
      capturedAt: this.capturedAt,
      width: this.width,
      height: this.height,
      pixelAspect: this.pixelAspect,
      imageArea: this.imageArea,
    } = facts);
  }

  get pixels(): Uint8Array {
    const pixels = this.own ?? this.lent;
    if (!pixels) throw new Error(`Expected pixels that are held, got those of frame ${this.index}, which were given back`);
    return pixels;
  }

  get loan(): Loan {
    return this;
  }

  hold(): void {
    this.holders += 1;
  }

  release(): void {
    this.holders -= 1;
    if (this.holders > 0 || !this.lent) return;
    this.lent = null;
    this.lender.release();
  }

  readonly keep = (): void => {
    this.own ??= this.pixels.slice();
  };
}
