import sharp, { type Sharp } from 'sharp';
import { type Shape, squared } from '../frame';
import type { RunEntry } from '../measure/run-history';
import { grey } from './image-codec.node';
import { maskOutlines, maskPicture } from './mask-picture';

export const runPictures = ['keyframe', 'mask', 'overlay'] as const;
export type RunPicture = (typeof runPictures)[number];

/**
 * A picture of a run as PNG in captured-picture pixels, the overlay in square ones, and so the key frame if asked for (`square`); null when there is none (yet, or any more). Mask and overlay show the
 * same image.
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

/** The picture with square pixels; as it is where it has them. */
function squaredPicture(captured: Sharp, frame: Shape): Sharp {
  const shown = squared(frame);
  return shown.width === frame.width && shown.height === frame.height ? captured : captured.resize({ ...shown, fit: 'fill' });
}
