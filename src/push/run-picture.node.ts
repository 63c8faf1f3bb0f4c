import sharp from 'sharp';
import type { RunEntry } from '../measure/run-history';
import { grey } from './image-codec.node';
import { maskOutlines, maskPicture } from './mask-picture';

export const runPictures = ['keyframe', 'mask', 'overlay'] as const;
export type RunPicture = (typeof runPictures)[number];

/** A picture of a run as PNG in captured-picture pixels; null when there is none (yet, or any more). Mask and overlay show the same image. */
export function runPicture({ keyFrame, mask }: RunEntry, which: RunPicture): Promise<Buffer> | null {
  switch (which) {
    case 'keyframe': {
      const frame = keyFrame?.acquisition.frame;
      return frame ? grey(frame.pixels, frame.width, frame.height).png().toBuffer() : null;
    }
    case 'mask': {
      if (!mask) return null;
      const { width, height } = mask.acquisition.frame;
      return grey(maskPicture(mask), width, height).png({ palette: false }).toBuffer();
    }
    case 'overlay': {
      if (!mask) return null;
      const { pixels, width, height } = mask.acquisition.frame;
      const picture = grey(pixels, width, height).toColourspace('srgb').png().toBuffer();
      return picture.then((png) =>
        sharp(png)
          .composite([{ input: Buffer.from(maskOutlines(mask)) }])
          .png()
          .toBuffer(),
      );
    }
  }
}
