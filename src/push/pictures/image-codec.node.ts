import sharp, { type Sharp } from 'sharp';
import type { Frame } from '../../frame';
import { encodedSize } from '../../protocol/picture-widths';

export type PictureEncoding = 'jpeg' | 'png';

/** Encodes a captured picture `width` pixels wide, which is no more than it was captured, in grey, off the main thread. */
export type EncodePicture = (frame: Frame, width: number) => Promise<Buffer>;

/** One thread a picture and nothing cached: inference has the processor, and every picture is a new one. */
sharp.concurrency(1);
sharp.cache(false);

export function encodePicture(encoding: PictureEncoding, quality = 90): EncodePicture {
  return (frame, width) => {
    const captured = grey(frame.pixels, frame.width, frame.height);
    const image = width === frame.width ? captured : captured.resize({ ...encodedSize(frame, width), fit: 'fill' });
    return (encoding === 'jpeg' ? image.jpeg({ quality }) : image.png({ compressionLevel: 3 })).toBuffer();
  };
}

/** A picture from `width` × `height` grey values. */
export function grey(pixels: Uint8Array, width: number, height: number): Sharp {
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return sharp(bytes, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
}
