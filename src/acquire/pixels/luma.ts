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

/** Video range (16 to 235) in full range, as libswscale rounds it: 15 bits, and a factor in 14. */
const FULL = Uint8Array.from({ length: 256 }, (_, grey) => {
  const stretched = (Math.min(grey << 7, 30189) * 19077 - 39057361) >> 14;
  return Math.max(0, Math.min(255, (stretched + 64) >> 7));
});

/** The same for values that once had more bits: libswscale squeezes all their range into 255, not each value by so many bits. */
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

/** Stretches pixels in video range to full range, in place. `bits`: how many they had before they were brought to eight. */
export function toFullRange(pixels: Uint8Array, bits = 8): void {
  const table = fullRangeTable(bits);
  for (let i = 0; i < pixels.length; i++) pixels[i] = table[pixels[i] as number] as number;
}
