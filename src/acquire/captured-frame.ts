import type { Frame, FrameFacts, Loan, Rect } from '../frame';
import type { Luma } from './pixels/luma';

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
