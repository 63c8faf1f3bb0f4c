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
