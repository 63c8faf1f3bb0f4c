import type { MaskMessage } from '../push/protocol';

/** What says how large a cell of a mask's grid is. */
export type Grid = Pick<MaskMessage, 'width' | 'height' | 'imageArea' | 'pixelAspect' | 'pixelSpacingMm'>;

const STEPS_MM = [10, 5, 2];

/** The steps in which a length is said, in mm: none finer than a cell of the grid it was measured on, as far as round numbers go; 1 at least. */
export function sizeStep({ width, height, imageArea, pixelAspect, pixelSpacingMm }: Grid): number {
  const cell = Math.max((imageArea.width * pixelAspect) / width, imageArea.height / height) * (pixelSpacingMm ?? 0);
  return STEPS_MM.find((step) => step <= cell) ?? 1;
}
