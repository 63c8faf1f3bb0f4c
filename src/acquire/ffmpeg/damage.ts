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
export function decoderErrors(): {
  /** A line of the log; `codec`: of the video that is decoded. Whether something in it was lost or bent. */
  readonly isDamage: (line: string, codec: string | null) => boolean;
  /** Another picture came. */
  readonly picture: () => void;
} {
  let pictures = 0;
  const kinds = new Map<string, { count: number; picture: number }>();
  return {
    isDamage(line, codec) {
      const [, decoder, text = ''] = /^\[(\w+)(?: @ \w+)?\] \[(?:error|fatal)\] (.*)/.exec(line) ?? [];
      if (decoder === undefined || decoder !== codec || harmless.test(text)) return false;
      const kind = text.replace(/\d+/g, 'N').slice(0, 60);
      const known = kinds.get(kind) ?? { count: 0, picture: -1 };
      if (known.picture !== pictures && (kinds.has(kind) || kinds.size < MOST_KINDS))
        kinds.set(kind, { count: known.count + 1, picture: pictures });
      return !(pictures >= ENOUGH && known.count > pictures / 2);
    },
    picture: () => void (pictures += 1),
  };
}

/** Key pictures of most encoders come sooner; one that never sends any mends its pictures in this time, part by part. */
const MENDED_S = 10;

/**
 * Which pictures are damaged: the first after something was lost on the way, and all that build on it, up to the next whole key picture. A decoder marks only
 * the first, and smears what follows.
 *
 *    log      --K--P--!--P--P--K--P--!--K--P--K--|      K key picture, P picture, ! damage
 *    damaged  --n--n-----y--y--n--n-----y--y--n--|
 *
 * `pictures`: how many may hold what was lost. Where each waits for the next and is made of both, the decoder speaks of the second one.
 */
export function damageTracker(pictures = 1): {
  /** `waits`: a decoder that comes in the middle of a stream waits for a picture that needs no other. Others make something of what they have. */
  readonly report: (waits?: boolean) => void;
  /** Whether this picture, the next one, is damaged; `seconds`: its own time. */
  readonly picture: (picture: { readonly key: boolean; readonly seconds: number | null }) => boolean;
} {
  let flowing = false;
  let harmed = 0;
  let since: { readonly seconds: number | null } | null = null;

  return {
    report: (waits = true) => void (harmed = flowing || !waits ? pictures : 0),
    picture: ({ key, seconds }) => {
      // What was lost before a stream began with a key picture is not in it.
      if (!flowing && key) harmed = 0;
      flowing = true;
      const mended = since !== null && since.seconds !== null && seconds !== null && Math.abs(seconds - since.seconds) > MENDED_S;
      if (harmed > 0) since = { seconds };
      else if (key || mended) since = null;
      harmed = Math.max(0, harmed - 1);
      return since !== null;
    },
  };
}
