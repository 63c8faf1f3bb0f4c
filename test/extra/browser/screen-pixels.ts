import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { Rect } from '../../../src/frame';

/** The pixels of the screen, in device pixels. */
export interface Screenshot {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, row by row. */
  readonly rgb: Uint8Array;
}

/** Where a canvas and its picture lie on the screen. */
export interface Place {
  /** The canvas, in device pixels of the page. */
  readonly box: Rect;
  /** Device pixels per captured pixel, and where the picture's top left lies: as large as it fits, centred. */
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The whole page as the screen shows it. */
export async function screenshotOf(page: Page): Promise<Screenshot> {
  const { data, info } = await sharp(await page.screenshot({ scale: 'device' }))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

/** Where a picture must lie, from the place of its element and the sizes alone. */
export async function placeOf(page: Page, selector: string, picture: Size): Promise<Place> {
  const css = await page.$eval(selector, (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x, y, width, height, ratio: devicePixelRatio };
  });
  const box = { x: css.x * css.ratio, y: css.y * css.ratio, width: css.width * css.ratio, height: css.height * css.ratio };
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const left = box.x + (box.width - picture.width * scale) / 2;
  const top = box.y + (box.height - picture.height * scale) / 2;
  return { box, scale, left, top };
}

/** The mask drawn on a canvas: 1 where red exceeds blue. X-ray is grey, and the default palette draws in vermilion. */
export interface TintedPixels {
  readonly place: Place;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly bits: Uint8Array;
}

/** The tinted pixels of a canvas. */
export function tintedPixels(screenshot: Screenshot, place: Place, tinted: number): TintedPixels {
  // Globals looked up per pixel are slow in jest.
  const { rgb, width: across } = screenshot;
  const [left, top] = [Math.ceil(place.box.x), Math.ceil(place.box.y)];
  const [width, height] = [Math.floor(place.box.x + place.box.width) - left, Math.floor(place.box.y + place.box.height) - top];
  const bits = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = ((y + top) * across + x + left) * 3;
      if ((rgb[at] as number) - (rgb[at + 2] as number) >= tinted) bits[y * width + x] = 1;
    }
  return { place, left, top, width, height, bits };
}

/** Intersection over union of drawn pixels and a mask over its image area, shifted by `dx`, `dy` captured pixels. */
export function overlapWith(drawn: TintedPixels, mask: Uint8Array, grid: Size, area: Rect, dx = 0, dy = 0): number {
  const { place, left, top, width, height, bits } = drawn;
  const floor = Math.floor;
  const cell = (at: number, from: number, start: number, size: number, cells: number, shift: number): number =>
    floor((((at + 0.5 - from) / place.scale - shift - start) / size) * cells);
  const columns = Int32Array.from({ length: width }, (_, x) => cell(x + left, place.left, area.x, area.width, grid.width, dx));
  const rows = Int32Array.from({ length: height }, (_, y) => cell(y + top, place.top, area.y, area.height, grid.height, dy));
  let [both, either] = [0, 0];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const [column, row] = [columns[x] as number, rows[y] as number];
      const within = column >= 0 && row >= 0 && column < grid.width && row < grid.height;
      const wanted = within && mask[row * grid.width + column] === 1;
      const is = bits[y * width + x] === 1;
      if (is && wanted) both += 1;
      if (is || wanted) either += 1;
    }
  return either === 0 ? NaN : both / either;
}

/** The number of tinted pixels of a canvas, whatever lies over it. */
export function tintedOnCanvas(page: Page, id: string, tinted = 25): Promise<number> {
  return page.evaluate(
    ([canvasId, least]) => {
      const canvas = document.getElementById(canvasId) as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: new Uint8ClampedArray() };
      let count = 0;
      for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 0) - (data[at + 2] ?? 0) >= least) count += 1;
      return count;
    },
    [id, tinted] as const,
  );
}
