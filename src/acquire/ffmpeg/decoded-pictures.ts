/** The farthest that reordered pictures are apart; a clock that is set jumps farther. */
const REORDERED_S = 5;
/** Steps back that mean disorder: a single one may be a clock correction at the start of a stream. */
const OFTEN = 3;
/** Codecs whose decoders give pictures in decoding order with low_delay; others reorder them all the same. */
const AS_CODED = /^(?:mpeg1video|mpeg2video|mpeg4|vc1|wmv3)$/;

/**
 * Whether pictures come in decoding rather than display order, so that those that depend on a later one follow it.
 * Either their decoder is known to do so, or B pictures are repeatedly older than the picture before them.
 *
 *    seconds   0-3-1-2-6-4-5-9-7-8
 *    disorder  ----!-!---!-!---!-!      (MPEG-2)
 *    disorder  ----------------!-!      (an unknown codec)
 */
export function pictureOrder(): (codec: string, picture: { readonly seconds: number | null; readonly bidirectional: boolean }) => boolean {
  let last: number | null = null;
  let back = 0;
  return (codec, { seconds, bidirectional }) => {
    const older = last !== null && seconds !== null && seconds < last && last - seconds < REORDERED_S;
    last = seconds;
    if (!bidirectional) return false;
    if (older) back += 1;
    return AS_CODED.test(codec) || back >= OFTEN;
  };
}

/** FFmpeg's pixel formats that are always in full range, whatever range a picture claims. */
const ALWAYS_FULL = /^(?:yuvj|rgb|bgr|gbr|argb|abgr|[0x][rb]|x2|pal|mono|bayer|xyz)/;
/** Grey formats are in full range unless marked otherwise, all others in video range. */
const GREY = /^(?:gray|ya)/;
/** Bits per sample: yuv420p10le, gray12be, p010le, p216le. */
const BITS = /(?:p|gray|ya|[pP][024])(9|1[0-6])(?:le|be)$/;

/** Bits per sample if there are more than any monitor sends, 12 or more; else undefined. */
export function deepBits(format: string): number | undefined {
  const bits = /^(?:rgb|bgr)48/.test(format) ? 16 : Number(BITS.exec(format)?.[1] ?? 8);
  return bits >= 12 ? bits : undefined;
}

export const alwaysFullRange = (format: string): boolean => ALWAYS_FULL.test(format);

/**
 * Bits per luma sample if it is in video range (16 to 235 in eight bits); null: full range. `format` and `range` (`tv`,
 * `pc` or unknown) as FFmpeg names them.
 */
export function videoRangeBits(format: string, range: string): number | null {
  if (alwaysFullRange(format) || range === 'pc' || (range !== 'tv' && GREY.test(format))) return null;
  return Number(BITS.exec(format)?.[1] ?? 8);
}
