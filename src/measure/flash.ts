/** The glass, or a picture of it, turned bright or dark. */
export interface Flash {
  readonly at: number;
  readonly bright: boolean;
}

const SHORTEST_GAP_MS = 300;
const LONGEST_GAP_MS = 900;

/**
 * How long the glass stays as it is before the next flash; `random`: 0…1. Without a beat, so that flashes and their pictures fit together at one delay only;
 * bright and dark again takes 600 ms at least, well below the three times a second that may harm people with photosensitive epilepsy (WCAG 2.3.1).
 */
export const flashGapMs = (random: number): number => SHORTEST_GAP_MS + (LONGEST_GAP_MS - SHORTEST_GAP_MS) * random;
