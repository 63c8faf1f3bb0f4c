import type { Frame, FrameFacts, Loan, Rect } from '../../frame';
import type { Luma } from './luma';

const BLACK = 0;

/**
 * Blanks regions of a picture, in place: the pixels must have no other reader yet. A picture that a region reaches out
 * of has not the expected size, so what should be hidden lies elsewhere: it is blanked wholly.
 */
export function redactRegions(pixels: Uint8Array, width: number, height: number, places: readonly Rect[]): void {
  if (places.some((place) => place.x + place.width > width || place.y + place.height > height)) pixels.fill(BLACK);
  for (const { x, y, width: across, height: down } of places)
    for (let row = y; row < y + down; row += 1) pixels.fill(BLACK, row * width + x, row * width + x + across);
}

/** A frame whose pixels are converted to full range when first read. */
export const capturedFrame = (facts: FrameFacts, luma: Luma, loan?: Loan): Frame => ({
  ...facts,
  luma,
  ...(loan && { loan }),
  get pixels() {
    return luma.full();
  },
});

/** The same frame with another image area and other images. */
export function inArea(frame: Frame, imageArea: Rect, otherImages?: readonly Rect[]): Frame {
  const { stream, index, capturedAt, width, height, pixelAspect, luma, loan } = frame;
  if (!luma) return { ...frame, imageArea, otherImages };
  return capturedFrame({ stream, index, capturedAt, width, height, pixelAspect, imageArea, otherImages }, luma, loan);
}
