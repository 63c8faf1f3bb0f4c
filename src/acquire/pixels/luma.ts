/** The luma of a picture as captured. Converted to full range, in place, on demand: comparing does not need that. */
export class Luma {
  private bits: number | null;

  /** `bits`: of the values before they were reduced to eight, if in video range; null: full range. */
  constructor(
    readonly values: Uint8Array,
    bits: number | null,
    private readonly stretch: (pixels: Uint8Array, bits: number) => void = toFullRange,
  ) {
    this.bits = bits;
  }

  /** The table that would convert the values to full range; null: they are in full range. */
  get table(): Uint8Array | null {
    return this.bits === null ? null : fullRangeTable(this.bits);
  }

  /** The values are in video range and had eight bits from the start. */
  get isEightBitVideo(): boolean {
    return this.bits === 8;
  }

  full(): Uint8Array {
    if (this.bits !== null) this.stretch(this.values, this.bits);
    this.bits = null;
    return this.values;
  }
}

/** Video to full range, rounded as by libswscale: 15 bits, and a 14-bit factor. */
const FULL = Uint8Array.from({ length: 256 }, (_, grey) => {
  const stretched = (Math.min(grey << 7, 30189) * 19077 - 39057361) >> 14;
  return Math.max(0, Math.min(255, (stretched + 64) >> 7));
});

/** The same for values that had more bits: libswscale scales their whole range to 255 instead of shifting. */
function tableFor(bits: number): Uint8Array {
  if (bits === 8) return FULL;
  const squeezed = (2 ** bits - 1) / (255 * 2 ** (bits - 8));
  return Uint8Array.from({ length: 256 }, (_, grey) => Math.max(0, Math.min(255, Math.round(((grey * squeezed - 16) * 255) / 219))));
}

const tables = new Map<number, Uint8Array>();

export function fullRangeTable(bits: number): Uint8Array {
  const table = tables.get(bits) ?? tableFor(bits);
  tables.set(bits, table);
  return table;
}

/** Converts video range to full range, in place. `bits`: of the values before they were reduced to eight. */
export function toFullRange(pixels: Uint8Array, bits = 8): void {
  const table = fullRangeTable(bits);
  for (let i = 0; i < pixels.length; i++) pixels[i] = table[pixels[i] as number] as number;
}
