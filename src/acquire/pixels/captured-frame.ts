import type { Frame, FrameFacts, Loan, Rect } from '../../frame';
import type { Luma } from './luma';

/** What is seen where something was blanked. */
const BLACK = 0;

/**
 * Leaves nothing of a picture in the given places, in pixels of that picture. One that a place reaches out of is not of the size that was meant: what
 * is to be hidden stands elsewhere in it, and nothing of it is left. The pixels are overwritten: they must have no other reader yet.
 */
export function redactRegions(pixels: Uint8Array, width: number, height: number, places: readonly Rect[]): void {
  if (places.some((place) => place.x + place.width > width || place.y + place.height > height)) pixels.fill(BLACK);
  for (const { x, y, width: across, height: down } of places)
    for (let row = y; row < y + down; row += 1) pixels.fill(BLACK, row * width + x, row * width + x + across);
}

/** A frame whose pixels are turned into full range when they are asked for. */
export const capturedFrame = (facts: FrameFacts, luma: Luma, loan?: Loan): Frame => ({
  ...facts,
  luma,
  ...(loan && { loan }),
  get pixels() {
    return luma.full();
  },
});

/** The same frame with another image area, and where other images lie. */
export function inArea(frame: Frame, imageArea: Rect, otherImages?: readonly Rect[]): Frame {
  const { stream, index, capturedAt, width, height, pixelAspect, luma, loan } = frame;
  if (!luma) return { ...frame, imageArea, otherImages };
  return capturedFrame({ stream, index, capturedAt, width, height, pixelAspect, imageArea, otherImages }, luma, loan);
}
