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
export function damage(pictures = 1): {
  /** `waits`: a decoder that comes in the middle of a stream waits for a picture that needs no other. Others make something of what they have. */
  readonly happened: (waits?: boolean) => void;
  /** Whether this picture, the next one, is damaged; `seconds`: its own time. */
  readonly picture: (picture: { readonly key: boolean; readonly seconds: number | null }) => boolean;
} {
  let flowing = false;
  let harmed = 0;
  let since: { readonly seconds: number | null } | null = null;

  return {
    happened: (waits = true) => void (harmed = flowing || !waits ? pictures : 0),
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
