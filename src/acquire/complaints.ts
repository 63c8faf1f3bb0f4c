/** Errors of decoders that spoil no picture: of what stands beside it, and of what an encoder announces too much of. */
const harmless =
  /\bSEI\b|APP fields|user data|timecode|side data|\bVUI\b|likely oversized|reorder|mmco|deprecated|reserved bit|number of reference frames|Late |picture timing/i;
/** Pictures after which it is known what a decoder says of all of them. */
const ENOUGH = 10;
/** So many things that it says are told apart. */
const MOST_KINDS = 100;

/**
 * Which errors of a decoder mean that the next picture is damaged: all, whatever the codec, but for those that are known to be harmless, and those that it says of most pictures:
 * then that is how this encoder is.
 */
export function complaints(): {
  /** A line of the log; `codec`: of the video that is decoded. Whether something in it was lost or bent. */
  readonly isDamage: (line: string, codec: string | null) => boolean;
  /** Another picture came. */
  readonly picture: () => void;
} {
  let pictures = 0;
  const said = new Map<string, { count: number; picture: number }>();
  return {
    isDamage(line, codec) {
      const [, decoder, text = ''] = /^\[(\w+)(?: @ \w+)?\] \[(?:error|fatal)\] (.*)/.exec(line) ?? [];
      if (decoder === undefined || decoder !== codec || harmless.test(text)) return false;
      const kind = text.replace(/\d+/g, 'N').slice(0, 60);
      const known = said.get(kind) ?? { count: 0, picture: -1 };
      if (known.picture !== pictures && (said.has(kind) || said.size < MOST_KINDS))
        said.set(kind, { count: known.count + 1, picture: pictures });
      return !(pictures >= ENOUGH && known.count > pictures / 2);
    },
    picture: () => void (pictures += 1),
  };
}
