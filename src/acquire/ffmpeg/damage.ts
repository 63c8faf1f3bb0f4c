/** Decoder errors that spoil no picture: about data beside it, and about exaggerated announcements. */
const harmless =
  /\bSEI\b|APP fields|user data|timecode|side data|\bVUI\b|likely oversized|reorder|mmco|deprecated|reserved bit|number of reference frames|Late |picture timing/i;
/** Pictures after which a frequent error is taken for normal. */
const ENOUGH = 10;
/** Most kinds of error that are told apart. */
const MOST_KINDS = 100;

/**
 * Which decoder errors mean that the next picture is damaged: all, whatever the codec, except those known to be
 * harmless and those that come with most pictures, which are a peculiarity of the encoder.
 */
export function decoderErrors(): {
  /** Whether a line of the log reports damage. `codec`: of the decoded video. */
  readonly isDamage: (line: string, codec: string | null) => boolean;
  /** Call for each picture. */
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

/** Most encoders send key pictures sooner; one that never does has refreshed its pictures part by part by then. */
const MENDED_S = 10;

/**
 * Which pictures are damaged: the first after a loss and all that depend on it, up to the next intact key picture. A
 * decoder reports only the first, and smears those that follow.
 *
 *    log      --K--P--!--P--P--K--P--!--K--P--K--|      K key picture, P picture, ! damage
 *    damaged  --n--n-----y--y--n--n-----y--y--n--|
 *
 * `pictures`: how many pictures one report concerns: 2 with deinterlacing, which makes each of itself and the next.
 */
export function damageTracker(pictures = 1): {
  /**
   * Reports damage. `waits`: the decoder waits for a key picture when it joins a stream; others show what they have.
   */
  readonly report: (waits?: boolean) => void;
  /** Whether the next picture is damaged; `seconds`: its timestamp. */
  readonly picture: (picture: { readonly key: boolean; readonly seconds: number | null }) => boolean;
} {
  let flowing = false;
  let harmed = 0;
  let since: { readonly seconds: number | null } | null = null;

  return {
    report: (waits = true) => void (harmed = flowing || !waits ? pictures : 0),
    picture: ({ key, seconds }) => {
      // A stream that begins with a key picture contains nothing lost before it.
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
