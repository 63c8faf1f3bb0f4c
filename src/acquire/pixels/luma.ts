import { fullRangeTable, toFullRange } from './full-range';

/** The luma of a picture as it was captured. It is stretched to full range, in place, when somebody asks for it there: what is only compared needs none of that. */
export class Luma {
  private bits: number | null;

  /** `bits`: how many the values had before they were brought to eight, if they are in video range; null: they are in full range. */
  constructor(
    readonly values: Uint8Array,
    bits: number | null,
    private readonly stretch: (pixels: Uint8Array, bits: number) => void = toFullRange,
  ) {
    this.bits = bits;
  }

  /** What turns the values into full range now; null: they are. */
  get table(): Uint8Array | null {
    return this.bits === null ? null : fullRangeTable(this.bits);
  }

  /** The values are in video range, and had eight bits all along. */
  get isEightBitVideo(): boolean {
    return this.bits === 8;
  }

  full(): Uint8Array {
    if (this.bits !== null) this.stretch(this.values, this.bits);
    this.bits = null;
    return this.values;
  }
}
