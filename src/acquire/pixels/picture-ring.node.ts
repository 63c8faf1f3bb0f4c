import { kernels, Memory, SCRATCH_BYTES, type WasmMemory } from './kernels.node';
import type { PictureMemory, PixelArithmetic, PictureBuffer } from './picture-memory';
import type { SlotHolders } from './slot-holders';

const PAGE_BYTES = 65536;
/** No kernel runs over the end of a slot; vectors are read faster from such an address. */
const ALIGNMENT = 64;

/**
 * The picture memory of one stream: a number of slots that threads share, allocated once, and anew only for pictures larger than any before. A slot is used again when nobody
 * in any thread holds it. `patient`: to take room waits until there is some.
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

  /** Pictures in the memory before stay there, for as long as somebody refers to them. */
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
