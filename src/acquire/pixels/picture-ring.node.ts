import { kernels, Memory, SCRATCH_BYTES, type WasmMemory } from './kernels.node';
import type { PictureMemory, PixelArithmetic, PictureBuffer } from './picture-memory';
import type { SlotHolders } from './slot-holders';

const PAGE_BYTES = 65536;
/** Vectors load faster from aligned addresses, and no kernel reads beyond a slot. */
const ALIGNMENT = 64;

/**
 * The picture memory of a stream: slots shared by threads, allocated once, and again only for larger pictures. A slot
 * is reused when no thread holds it. `patient`: `take` waits for a free slot.
 */
export class PictureRing implements PictureMemory {
  private memory = allocated(SCRATCH_BYTES);
  private slotBytes = 0;
  arithmetic: PixelArithmetic = kernels(this.memory);

  constructor(
    private readonly holders: SlotHolders,
    private readonly patient: boolean,
  ) {}

  take(pixels: number): PictureBuffer | null {
    const slot = this.patient ? this.holders.awaitFree() : this.holders.free();
    if (slot === null) return null;
    if (pixels > this.slotBytes) this.enlarge(pixels);
    const loan = this.holders.loan(slot);
    loan.hold();
    return { pixels: new Uint8Array(this.memory.buffer, SCRATCH_BYTES + slot * this.slotBytes, pixels), loan };
  }

  /** Pictures in the old memory stay there as long as they are referenced. */
  private enlarge(pixels: number): void {
    this.slotBytes = Math.ceil(pixels / ALIGNMENT) * ALIGNMENT;
    this.memory = allocated(SCRATCH_BYTES + this.holders.slots * this.slotBytes);
    this.arithmetic = kernels(this.memory);
  }
}

function allocated(bytes: number): WasmMemory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  return new Memory({ initial: pages, maximum: pages, shared: true });
}
