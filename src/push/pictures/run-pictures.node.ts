import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { type Shape, squared } from '../../frame';
import { decodeRunLengths } from '../../mask/run-length';
import type { Point } from '../../mask/tumour-mask';
import type { RunEntry, MaskWithFrame } from '../../measure/run-history';
import { grey } from './pictures.node';

/** The mask in captured-picture pixels: 255 where tumour, else 0. */
export function maskPicture({ mask, imageArea, frame }: MaskWithFrame): Uint8Array {
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

/** Outlines of tumour and liver as an SVG, as large as the captured picture with square pixels. */
export function maskOutlines({ mask, frame }: MaskWithFrame): string {
  const { width, height } = squared(frame);
  const [across, down] = [width / frame.width, height / frame.height];
  const stroke = Math.max(1.5, Math.min(width, height) / 400);
  const polygon = (contour: readonly Point[], style: string): string =>
    `<polygon points="${contour.map(([x, y]) => `${x * across},${y * down}`).join(' ')}" ${style}/>`;
  const liver = mask.liver.contours.map((contour) => polygon(contour, 'fill="none" stroke="#58a6ff"'));
  const tumour = mask.lesions.map(({ contour }) => polygon(contour, 'fill="#ff5a36" fill-opacity="0.25" stroke="#ff5a36"'));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" stroke-width="${stroke}">${[...liver, ...tumour].join('')}</svg>`;
}

export const runPictures = ['keyframe', 'mask', 'overlay'] as const;
export type RunPicture = (typeof runPictures)[number];

/**
 * A picture of a run as PNG, in captured pixels; the overlay, and with `square` the key frame, in square ones. Mask and
 * overlay show the same image. Null when there is none, not yet or no longer.
 */
export function runPicture({ keyFrame, mask }: RunEntry, which: RunPicture, square = false): Promise<Buffer> | null {
  switch (which) {
    case 'keyframe': {
      if (!keyFrame) return null;
      const captured = grey(keyFrame.pixels, keyFrame.width, keyFrame.height);
      return (square ? squaredPicture(captured, keyFrame) : captured).png().toBuffer();
    }
    case 'mask': {
      if (!mask) return null;
      const { width, height } = mask.frame;
      return grey(maskPicture(mask), width, height).png({ palette: false }).toBuffer();
    }
    case 'overlay': {
      if (!mask) return null;
      const { pixels, width, height } = mask.frame;
      const shown = squared(mask.frame);
      const picture = squaredPicture(grey(pixels, width, height), mask.frame)
        .toColourspace('srgb')
        .raw()
        .toBuffer({ resolveWithObject: true });
      return picture.then(({ data, info: { channels } }) =>
        sharp(data, { raw: { ...shown, channels } })
          .composite([{ input: Buffer.from(maskOutlines(mask)) }])
          .png()
          .toBuffer(),
      );
    }
  }
}

function squaredPicture(captured: Sharp, frame: Shape): Sharp {
  const shown = squared(frame);
  return shown.width === frame.width && shown.height === frame.height ? captured : captured.resize({ ...shown, fit: 'fill' });
}

/**
 * Writes a run into `<folder>/<run>`, replacing it: run.json as in the API, and keyframe.png, mask.png and overlay.png
 * where they exist. Nothing is left half written.
 */
export async function writeRunFolder(folder: string, entry: RunEntry): Promise<string> {
  await mkdir(folder, { recursive: true });
  const part = await mkdtemp(join(folder, '.part-'));
  try {
    await writeFile(join(part, 'run.json'), `${JSON.stringify(entry.record, null, 2)}\n`);
    for (const which of runPictures) {
      const picture = await runPicture(entry, which);
      if (picture) await writeFile(join(part, `${which}.png`), picture);
    }
    const target = join(folder, entry.record.run);
    await rm(target, { recursive: true, force: true });
    await rename(part, target);
    return target;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}
