import type { Rect } from '../../frame';
import { FIELD_HEIGHT, FIELD_WIDTH } from '../anatomy/field';
import { drawText, type GreyPicture } from './bitmap-font';

export const MONITOR_WIDTH = 1280;
export const MONITOR_HEIGHT = 800;

/** Where the monitor shows the X-ray image. */
export const MONITOR_IMAGE_AREA: Rect = { x: 6, y: 6, width: FIELD_WIDTH, height: FIELD_HEIGHT };

const PANEL_X = 1046;
const CLOCK_Y = 40;
const BACKGROUND = 16;
const TEXT = 150;

/** What the suite's monitor shows besides the image. */
export interface PanelText {
  readonly patient: string;
  readonly state: string;
  readonly lines: readonly string[];
}

/** The whole monitor picture: image, side panel, no clock yet. Without an image its place is dark. */
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

/** Writes the time of day over the panel's clock. */
export function drawClock(pixels: Uint8Array, time: string): void {
  for (let row = CLOCK_Y; row < CLOCK_Y + 28; row++)
    pixels.fill(BACKGROUND, row * MONITOR_WIDTH + PANEL_X, row * MONITOR_WIDTH + PANEL_X + 220);
  drawText({ width: MONITOR_WIDTH, height: MONITOR_HEIGHT, pixels }, time, PANEL_X, CLOCK_Y, 4, TEXT);
}
