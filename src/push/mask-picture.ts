import { squared } from '../frame';
import { decodeRunLengths } from '../mask/run-length';
import type { Point } from '../mask/tumour-mask';
import type { ShownMask } from '../measure/run-history';

/** The mask in captured-picture pixels: 255 where tumour, 0 elsewhere, 0 outside the image area. */
export function maskPicture({ mask, imageArea, frame }: ShownMask): Uint8Array {
  const { width, height } = frame;
  const grid = decodeRunLengths(mask.runLengths, mask.width * mask.height);
  const picture = new Uint8Array(width * height);
  for (let y = Math.max(0, imageArea.y); y < Math.min(height, imageArea.y + imageArea.height); y += 1) {
    const row = Math.floor(((y + 0.5 - imageArea.y) * mask.height) / imageArea.height) * mask.width;
    for (let x = Math.max(0, imageArea.x); x < Math.min(width, imageArea.x + imageArea.width); x += 1) {
      const column = Math.floor(((x + 0.5 - imageArea.x) * mask.width) / imageArea.width);
      picture[y * width + x] = grid[row + column] === 1 ? 255 : 0;
    }
  }
  return picture;
}

/** The outlines of a mask, tumour and liver, as an SVG of the size of the captured picture with square pixels. */
export function maskOutlines({ mask, frame }: ShownMask): string {
  const { width, height } = squared(frame);
  const [across, down] = [width / frame.width, height / frame.height];
  const stroke = Math.max(1.5, Math.min(width, height) / 400);
  const polygon = (contour: readonly Point[], style: string): string =>
    `<polygon points="${contour.map(([x, y]) => `${x * across},${y * down}`).join(' ')}" ${style}/>`;
  const liver = mask.liver.contours.map((contour) => polygon(contour, 'fill="none" stroke="#58a6ff"'));
  const tumour = mask.lesions.map(({ contour }) => polygon(contour, 'fill="#ff5a36" fill-opacity="0.25" stroke="#ff5a36"'));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" stroke-width="${stroke}">${[...liver, ...tumour].join('')}</svg>`;
}
