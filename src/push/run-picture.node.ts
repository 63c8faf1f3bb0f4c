import sharp from 'sharp';
import { squared } from '../frame';
import type { RunEntry } from '../measure/run-history';
import { grey } from './image-codec.node';
import { maskOutlines, maskPicture } from './mask-picture';

export const runPictures = ['keyframe', 'mask', 'overlay'] as const;
export type RunPicture = (typeof runPictures)[number];

/**
 * A picture of a run as PNG in captured-picture pixels, the overlay in square ones; null when there is none (yet, or any more). Mask and overlay show the
 * same image.
 */
export function runPicture({ keyFrame, mask }: RunEntry, which: RunPicture): Promise<Buffer> | null {
  switch (which) {
    case 'keyframe': {
      return keyFrame ? grey(keyFrame.pixels, keyFrame.width, keyFrame.height).png().toBuffer() : null;
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
      const captured = grey(pixels, width, height);
      const square = shown.width === width && shown.height === height ? captured : captured.resize({ ...shown, fit: 'fill' });
      const picture = square.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
      return picture.then(({ data, info: { channels } }) =>
        sharp(data, { raw: { ...shown, channels } })
          .composite([{ input: Buffer.from(maskOutlines(mask)) }])
          .png()
          .toBuffer(),
      );
    }
  }
}
