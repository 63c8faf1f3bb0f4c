import type { Rect } from '../../frame';
import { FIELD_HEIGHT, FIELD_WIDTH } from '../anatomy/field';

/** A letter is seven rows of five dots. */
const ROWS = 7;
const COLUMNS = 5;

/** Seven rows per letter, one bit per dot, the leftmost dot in the highest bit. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  A: [14, 17, 17, 31, 17, 17, 17],
  B: [30, 17, 17, 30, 17, 17, 30],
  C: [14, 17, 16, 16, 16, 17, 14],
  D: [30, 17, 17, 17, 17, 17, 30],
  E: [31, 16, 16, 30, 16, 16, 31],
  F: [31, 16, 16, 30, 16, 16, 16],
  G: [14, 17, 16, 23, 17, 17, 15],
  H: [17, 17, 17, 31, 17, 17, 17],
  I: [14, 4, 4, 4, 4, 4, 14],
  J: [7, 2, 2, 2, 2, 18, 12],
  K: [17, 18, 20, 24, 20, 18, 17],
  L: [16, 16, 16, 16, 16, 16, 31],
  M: [17, 27, 21, 21, 17, 17, 17],
  N: [17, 25, 21, 19, 17, 17, 17],
  O: [14, 17, 17, 17, 17, 17, 14],
  P: [30, 17, 17, 30, 16, 16, 16],
  Q: [14, 17, 17, 17, 21, 18, 13],
  R: [30, 17, 17, 30, 20, 18, 17],
  S: [15, 16, 16, 14, 1, 1, 30],
  T: [31, 4, 4, 4, 4, 4, 4],
  U: [17, 17, 17, 17, 17, 17, 14],
  V: [17, 17, 17, 17, 17, 10, 4],
  W: [17, 17, 17, 21, 21, 27, 17],
  X: [17, 17, 10, 4, 10, 17, 17],
  Y: [17, 17, 10, 4, 4, 4, 4],
  Z: [31, 1, 2, 4, 8, 16, 31],
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 6, 8, 16, 31],
  '3': [30, 1, 1, 14, 1, 1, 30],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
  ':': [0, 4, 4, 0, 4, 4, 0],
  '.': [0, 0, 0, 0, 0, 12, 12],
  '-': [0, 0, 0, 31, 0, 0, 0],
  '/': [1, 1, 2, 4, 8, 16, 16],
};

export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/**
 * Draws text from its top left at x, y; a dot is `dot` pixels wide. Lower case is drawn as upper case, unknown
 * characters as spaces.
 */
export function drawText(picture: GreyPicture, text: string, x: number, y: number, dot: number, grey: number): void {
  [...text.toUpperCase()].forEach((letter, n) => {
    const glyph = GLYPHS[letter];
    if (!glyph) return;
    const left = x + n * (COLUMNS + 1) * dot;
    for (let row = 0; row < ROWS * dot; row++) {
      for (let column = 0; column < COLUMNS * dot; column++) {
        const lit = (glyph[Math.floor(row / dot)]! >> (COLUMNS - 1 - Math.floor(column / dot))) & 1;
        if (lit && left + column < picture.width && y + row < picture.height)
          picture.pixels[(y + row) * picture.width + left + column] = grey;
      }
    }
  });
}

export const MONITOR_WIDTH = 1280;
export const MONITOR_HEIGHT = 800;

/** Where the monitor shows the X-ray image. */
export const MONITOR_IMAGE_AREA: Rect = { x: 6, y: 6, width: FIELD_WIDTH, height: FIELD_HEIGHT };

const PANEL_X = 1046;
const CLOCK_Y = 40;
const BACKGROUND = 16;
const TEXT = 150;

/** The text beside the image. */
export interface PanelText {
  readonly patient: string;
  readonly state: string;
  readonly lines: readonly string[];
}

/** The monitor picture: image and side panel, without the clock. Without an image its area is black. */
export function monitorPicture(image: Uint8Array | null, text: PanelText): Uint8Array {
  const pixels = new Uint8Array(MONITOR_WIDTH * MONITOR_HEIGHT).fill(BACKGROUND);
  const picture: GreyPicture = { width: MONITOR_WIDTH, height: MONITOR_HEIGHT, pixels };
  const { x, y, width, height } = MONITOR_IMAGE_AREA;
  for (let row = 0; row < height; row++) {
    const start = (y + row) * MONITOR_WIDTH + x;
    if (image) pixels.set(image.subarray(row * width, (row + 1) * width), start);
    else pixels.fill(0, start, start + width);
  }
  drawText(picture, 'SIMULATED', PANEL_X, 110, 4, 230);
  drawText(picture, 'NO REAL PATIENT', PANEL_X, 148, 2, TEXT);
  drawText(picture, text.patient, PANEL_X, 210, 2, TEXT);
  text.lines.forEach((line, n) => drawText(picture, line, PANEL_X, 250 + 26 * n, 2, TEXT));
  drawText(picture, text.state, PANEL_X, 700, 3, 200);
  return pixels;
}

/** Draws the time of day over the panel's clock. */
export function drawClock(pixels: Uint8Array, time: string): void {
  for (let row = CLOCK_Y; row < CLOCK_Y + 28; row++)
    pixels.fill(BACKGROUND, row * MONITOR_WIDTH + PANEL_X, row * MONITOR_WIDTH + PANEL_X + 220);
  drawText({ width: MONITOR_WIDTH, height: MONITOR_HEIGHT, pixels }, time, PANEL_X, CLOCK_Y, 4, TEXT);
}
