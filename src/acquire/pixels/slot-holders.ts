import type { Frame, FrameFacts, Loan, Rect } from '../../frame';

/** The memory of one slot, as it is known in every thread. */
export class SlotLoan implements Loan {
  constructor(
    readonly slot: number,
    private readonly counts: Int32Array<SharedArrayBuffer>,
  ) {}

  hold(): void {
    Atomics.add(this.counts, this.slot, 1);
  }

  release(): void {
    Atomics.sub(this.counts, this.slot, 1);
    const releases = this.counts.length - 2;
    Atomics.add(this.counts, releases, 1);
    Atomics.notify(this.counts, releases);
  }
}

/** How many hold each of some slots of memory, counted across threads. */
export class SlotHolders {
  /** One count per slot; then how often a slot was let go, and whether nobody needs room any more. */
  readonly counts: Int32Array<SharedArrayBuffer>;

  constructor(slots: number | Int32Array<SharedArrayBuffer>) {
    this.counts = typeof slots === 'number' ? new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (slots + 2))) : slots;
  }

  get slots(): number {
    return this.counts.length - 2;
  }

  get inUse(): number {
    return this.counts.subarray(0, this.slots).reduce((sum, holders) => sum + (holders > 0 ? 1 : 0), 0);
  }

  /** A slot that nobody holds; null: there is none. */
  free(): number | null {
    for (let slot = 0; slot < this.slots; slot++) if (Atomics.load(this.counts, slot) === 0) return slot;
    return null;
  }

  /** The same, after waiting for one: for threads that may stand still. Null once nobody needs room any more. */
  awaitFree(): number | null {
    for (;;) {
      const released = Atomics.load(this.counts, this.slots);
      const slot = this.free();
      if (slot !== null || Atomics.load(this.counts, this.slots + 1) === 1) return slot;
      Atomics.wait(this.counts, this.slots, released);
    }
  }

  loan(slot: number): SlotLoan {
    return new SlotLoan(slot, this.counts);
  }

  /** Nobody needs room any more: whoever waits for it goes on. */
  close(): void {
    Atomics.store(this.counts, this.slots + 1, 1);
    Atomics.add(this.counts, this.slots, 1);
    Atomics.notify(this.counts, this.slots);
  }
}

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
