import type { Frame } from '../frame';

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

/** A captured picture, as coarse as flashes need it. */
export interface CoarsePicture {
  /** When its last byte arrived. */
  readonly at: number;
  /** CELLS × CELLS grey values, row by row. */
  readonly cells: Uint8Array;
}

const CELLS = 16;
/** Pixels of a cell that are looked at, along each side. */
const LOOKS = 8;
/** Grey levels between the dark and the bright of a cell that flashes: far above codec noise, and above what a DSA run does to most of a picture. */
const LEAST_RANGE = 32;
/** Of the way from dark to bright: where a rise counts, and where a fall does. */
const RISEN = 0.6;
const FALLEN = 0.4;

export function coarse({ capturedAt, width, height, pixels }: Frame): CoarsePicture {
  const cells = new Uint8Array(CELLS * CELLS);
  const looked = (cell: number, look: number, length: number): number => Math.floor(((cell + (look + 0.5) / LOOKS) * length) / CELLS);
  for (let row = 0; row < CELLS; row += 1) {
    for (let column = 0; column < CELLS; column += 1) {
      let sum = 0;
      for (let i = 0; i < LOOKS; i += 1) {
        const line = looked(row, i, height) * width;
        for (let j = 0; j < LOOKS; j += 1) sum += pixels[line + looked(column, j, width)] ?? 0;
      }
      cells[row * CELLS + column] = sum / LOOKS ** 2;
    }
  }
  return { at: capturedAt, cells };
}

/**
 * When the part of the pictures that flashes turned bright or dark: at the first picture that is more of the one than of the other. The page may lie
 * anywhere in the picture. Null: nothing in them flashes.
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

/** The usual dark and the usual bright of values that are about as often the one as the other. */
function rangeOf(values: readonly number[]): { readonly dark: number; readonly bright: number } {
  const sorted = Uint8Array.from(values).sort();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { dark: at(0.15), bright: at(0.85) };
}
