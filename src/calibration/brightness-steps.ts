import type { Frame } from '../frame';

/** The screen, or a picture of it, turned bright or dark. */
export interface Flash {
  readonly at: number;
  readonly bright: boolean;
}

const SHORTEST_GAP_MS = 300;
const LONGEST_GAP_MS = 900;

/**
 * The time until the next flash; `random`: 0 to 1. Irregular, so that flashes and pictures match at one delay only.
 * Bright and dark again takes at least 600 ms: less than three flashes a second, the limit for photosensitive
 * epilepsy (WCAG 2.3.1).
 */
export const flashGapMs = (random: number): number => SHORTEST_GAP_MS + (LONGEST_GAP_MS - SHORTEST_GAP_MS) * random;

/** A captured picture, coarse but fine enough to see flashes. */
export interface CoarsePicture {
  /** When its last byte arrived. */
  readonly at: number;
  /** CELLS × CELLS grey values, row by row. */
  readonly cells: Uint8Array;
}

const CELLS = 16;
/** Sampled pixels of a cell, along each side. */
const SAMPLES = 8;
/** Grey levels between dark and bright of a flashing cell: more than codec noise or most of a DSA run changes. */
const LEAST_RANGE = 32;
/** Shares of the way from dark to bright beyond which a rise or a fall counts. */
const RISEN = 0.6;
const FALLEN = 0.4;

export function coarse({ capturedAt, width, height, pixels }: Frame): CoarsePicture {
  const cells = new Uint8Array(CELLS * CELLS);
  const sampled = (cell: number, sample: number, length: number): number =>
    Math.floor(((cell + (sample + 0.5) / SAMPLES) * length) / CELLS);
  for (let row = 0; row < CELLS; row += 1) {
    for (let column = 0; column < CELLS; column += 1) {
      let sum = 0;
      for (let i = 0; i < SAMPLES; i += 1) {
        const line = sampled(row, i, height) * width;
        for (let j = 0; j < SAMPLES; j += 1) sum += pixels[line + sampled(column, j, width)] ?? 0;
      }
      cells[row * CELLS + column] = sum / SAMPLES ** 2;
    }
  }
  return { at: capturedAt, cells };
}

/**
 * When the flashing part of the pictures turned bright or dark, wherever the page lies in them: at the first picture
 * past the threshold. Null: nothing flashes.
 */
export function brightnessSteps(pictures: readonly CoarsePicture[]): readonly Flash[] | null {
  const ranges = Array.from({ length: CELLS * CELLS }, (_, cell) => rangeOf(pictures.map(({ cells }) => cells[cell] ?? 0)));
  const widest = Math.max(...ranges.map(({ dark, bright }) => bright - dark));
  if (widest < LEAST_RANGE) return null;
  const flashing = [...ranges.entries()].filter(([, { dark, bright }]) => bright - dark >= Math.max(LEAST_RANGE, widest / 2));
  const brightness = ({ cells }: CoarsePicture): number =>
    flashing.reduce((sum, [cell, { dark, bright }]) => sum + ((cells[cell] ?? 0) - dark) / (bright - dark), 0) / flashing.length;

  const steps: Flash[] = [];
  let isBright: boolean | null = null;
  for (const picture of pictures) {
    const level = brightness(picture);
    const turned: boolean | null = level >= RISEN ? true : level <= FALLEN ? false : isBright;
    if (isBright !== null && turned !== null && turned !== isBright) steps.push({ at: picture.at, bright: turned });
    isBright = turned;
  }
  return steps;
}

/** The usual dark and bright of values that are about as often the one as the other. */
function rangeOf(values: readonly number[]): { readonly dark: number; readonly bright: number } {
  const sorted = Uint8Array.from(values).sort();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { dark: at(0.15), bright: at(0.85) };
}
