/** Pixel formats of FFmpeg that are in full range by their nature, whatever their pictures say of their range. */
const ALWAYS_FULL = /^(?:yuvj|rgb|bgr|gbr|argb|abgr|[0x][rb]|x2|pal|mono|bayer|xyz)/;
/** Grey formats are in full range unless they say otherwise, all others in video range. */
const GREY = /^(?:gray|ya)/;
/** yuv420p10le, gray12be, p010le, p216le: what stands last. */
const BITS = /(?:p|gray|ya|[pP][024])(9|1[0-6])(?:le|be)$/;

/** How many bits a picture's samples have where that is more than any monitor sends; undefined: fewer. */
export function deepBits(format: string): number | undefined {
  const bits = /^(?:rgb|bgr)48/.test(format) ? 16 : Number(BITS.exec(format)?.[1] ?? 8);
  return bits >= 12 ? bits : undefined;
}

/** Whether a picture's luma is the same in any range it may be said to have. */
export const alwaysFullRange = (format: string): boolean => ALWAYS_FULL.test(format);

/**
 * How many bits the luma of a picture has, if it is in video range (16 to 235 in eight bits); null: it is in full range. Format and colour range (`tv`, `pc`, unknown) as FFmpeg
 * names them.
 */
export function videoRangeBits(format: string, range: string): number | null {
  if (alwaysFullRange(format) || range === 'pc' || (range !== 'tv' && GREY.test(format))) return null;
  return Number(BITS.exec(format)?.[1] ?? 8);
}
