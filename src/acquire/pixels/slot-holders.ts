import type { Frame, FrameFacts, Loan, Rect } from '../../frame';

/** A slot of memory on loan, seen from whichever thread. */
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

/** Counts the holders of each memory slot, across threads. */
export class SlotHolders {
  /** One count per slot; then the number of releases, and 1 once closed. */
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

  /** A slot without holders; null: there is none. */
  free(): number | null {
    for (let slot = 0; slot < this.slots; slot++) if (Atomics.load(this.counts, slot) === 0) return slot;
    return null;
  }

  /** The same, but blocks until one is free; null once closed. */
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

  /** Wakes all waiting threads. */
  close(): void {
    Atomics.store(this.counts, this.slots + 1, 1);
    Atomics.add(this.counts, this.slots, 1);
    Atomics.notify(this.counts, this.slots);
  }
}

/**
 * A frame whose pixels are lent by another thread: valid while somebody here holds it, or for good once kept. Reading
 * them later throws, as they may show another picture by then.
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

  /** Starts with one holder, its creator; `lender` is released with the last one. */
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
    if (!pixels) throw new Error(`Expected pixels that are held, got those of frame ${this.index}, which were released`);
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
