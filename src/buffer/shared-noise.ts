import { agreement } from './noise-signs';

/** Of what sets a picture shown again apart from two exposures of one scene, so much must be there: an encoder leaves 0.4 to 1, breathing feigns up to 0.25. */
const SAME = 0.3;
/** The same share where time and change speak against a new exposure already. */
const DRAWN_ANEW = 0.08;
/** Of the signs of two exposures with much structure, so many agree; those of others agree in 0.5 to 0.65. */
const STRUCTURE = 0.78;
/** What is usual around an acquisition is known when so many have followed it in its run; it is the most of so many on either side. */
const [FOLLOWED, AROUND] = [3, 8];
/** Only the likeliest few are compared wholly. */
const LIKELIEST = 3;

/** An acquisition by its noise. */
interface Signed {
  readonly signs: Uint32Array;
  /** The share of signs that agree with those of the acquisition before it in its run; null: it is the first. */
  readonly usual: number | null;
}

/** That of which a picture has the noise, through an encoder perhaps: it must agree with one far better than with the next best, and than acquisitions around that one do with each other. */
export function known<C extends Signed>(all: readonly C[], signs: Uint32Array, sample = 1): C | undefined {
  const [first, second] = all
    .map((one, i) => ({ one, i, agreed: agreement(signs, one.signs, sample) }))
    .sort((a, b) => b.agreed - a.agreed)
    .slice(0, LIKELIEST)
    .map(({ one, i }) => ({ one, i, agreed: agreement(signs, one.signs) }))
    .sort((a, b) => b.agreed - a.agreed);
  if (!first) return undefined;
  const usual = Math.max(usualAround(all, first.i), second?.agreed ?? 0);
  return first.agreed - usual >= SAME * (1 - usual) ? first.one : undefined;
}

function usualAround(all: readonly Signed[], i: number): number {
  const following = all.slice(i + 1, i + 1 + AROUND).map(({ usual }) => usual);
  if (following.length < FOLLOWED || following.slice(0, FOLLOWED).includes(null)) return STRUCTURE;
  return Math.max(...all.slice(Math.max(0, i + 1 - AROUND), i + 1 + AROUND).map(({ usual }) => usual ?? 0));
}

/** Whether a picture has more of the noise of the latest acquisition than of those before it. */
export function isLatestDrawnAnew(all: readonly Signed[], signs: Uint32Array): boolean {
  const [latest, ...others] = all
    .slice(-1 - AROUND)
    .map((one) => agreement(signs, one.signs))
    .reverse();
  if (latest === undefined || others.length < FOLLOWED) return false;
  const usual = Math.max(...others);
  return latest - usual >= DRAWN_ANEW * (1 - usual);
}
