import { checkRunLengths, decodeRunLengths } from '../mask/run-length';

/** A mask as it came: its grid of `width` × `height` covers `imageArea` of the captured picture. */
export interface EncodedMask {
  readonly width: number;
  readonly height: number;
  /** Run lengths (docs/protocol.md). */
  readonly payload: Uint8Array;
}

/** The mask's grid, row by row: 1 where tumour, else 0. Throws where the run lengths do not add up; those of a `mask` event do. */
export function decodeMask({ width, height, payload }: EncodedMask): Uint8Array {
  return decodeRunLengths(payload, width * height);
}

/** Throws where the run lengths do not add up; takes no memory, however large the grid. */
export function checkMask({ width, height, payload }: EncodedMask): void {
  checkRunLengths(payload, width * height);
}

/** The mask in one colour (red, green, blue, alpha: 0 to 255) on nothing, for `new ImageData(data, width, height)`; draw it over `imageArea`. */
export function maskImage(mask: EncodedMask, colour: readonly [number, number, number, number]) {
  const { width, height } = mask;
  const data = new Uint8ClampedArray(width * height * 4);
  decodeMask(mask).forEach((value, at) => value === 1 && data.set(colour, at * 4));
  return { width, height, data };
}
