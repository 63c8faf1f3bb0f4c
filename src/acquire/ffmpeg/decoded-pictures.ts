/** The farthest that reordered pictures are apart; a clock that is set jumps farther. */
const REORDERED_S = 5;
/** Once may be a correction of the clock, as they come when a stream begins. */
const OFTEN = 3;
/** Their decoders give pictures as they are coded, where they are told to be quick. Others put them in order all the same. */
const AS_CODED = /^(?:mpeg1video|mpeg2video|mpeg4|vc1|wmv3)$/;

/**
 * Whether pictures come in another order than that in which they are shown: those that depend on a later one come after it. Their decoder is known to do so, or they are older than the
 * one before, again and again.
 *
 *    seconds   0-3-1-2-6-4-5-9-7-8
 *    disorder  ----!-!---!-!---!-!      (MPEG-2)
 *    disorder  ----------------!-!      (a codec nothing is known of)
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
