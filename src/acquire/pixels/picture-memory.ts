import type { Frame, Loan, Rect } from '../../frame';
import { areaAverage } from './area-average';
import { compareBlocks, hasOutsideChange, samePixels } from './compare-pixels';
import { toFullRange } from './luma';

/** Inverts a picture, in place. */
export function invert(pixels: Uint8Array): void {
  for (let i = 0; i < pixels.length; i++) pixels[i] = 255 - (pixels[i] as number);
}

/** The arithmetic on every captured picture. */
export interface PixelArithmetic {
  /** Video range to full range, in place. `bits`: of the values before they were reduced to eight. */
  toFullRange(pixels: Uint8Array, bits?: number): void;
  invert(pixels: Uint8Array): void;
  samePixels(a: Frame, b: Frame): boolean;
  hasOutsideChange(a: Frame, b: Frame): boolean;
  areaAverage(frame: Pick<Frame, 'pixels' | 'luma' | 'width'>, area: Rect): Float32Array;
  /** Three facts about each compared block of two such images; valid until the next call. */
  compareBlocks(a: Float32Array, b: Float32Array): Float64Array;
}

/** The reference, in plain TypeScript. */
export const plainArithmetic: PixelArithmetic = { toFullRange, invert, samePixels, hasOutsideChange, areaAverage, compareBlocks };

/** Memory for one picture, held by whoever took it. */
export interface PictureBuffer {
  readonly pixels: Uint8Array;
  readonly loan?: Loan;
}

/** The memory of a stream's pictures, and the arithmetic on it. */
export interface PictureMemory {
  /** A buffer of this many pixels; null: all are in use. */
  take(pixels: number): PictureBuffer | null;
  readonly arithmetic: PixelArithmetic;
}

/** Allocates memory for each picture. */
export const newMemory: PictureMemory = { take: (pixels) => ({ pixels: new Uint8Array(pixels) }), arithmetic: plainArithmetic };
