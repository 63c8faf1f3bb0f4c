import type { Frame, Loan, Rect } from '../../frame';
import { areaAverage } from './area-average';
import { compareBlocks, hasOutsideChange, samePixels } from './compare-pixels';
import { toFullRange } from './luma';

/** Makes a picture its negative, in place. */
export function invert(pixels: Uint8Array): void {
  for (let i = 0; i < pixels.length; i++) pixels[i] = 255 - (pixels[i] as number);
}

/** What is done with the pixels of every captured picture. */
export interface PixelArithmetic {
  /** Video range to full range, in place; `bits`: of the values before they were brought to eight. */
  toFullRange(pixels: Uint8Array, bits?: number): void;
  /** The negative, in place. */
  invert(pixels: Uint8Array): void;
  samePixels(a: Frame, b: Frame): boolean;
  hasOutsideChange(a: Frame, b: Frame): boolean;
  /** 256 × 256 means of an area. */
  areaAverage(frame: Pick<Frame, 'pixels' | 'luma' | 'width'>, area: Rect): Float32Array;
  /** Three facts about each compared block of two such images. */
  compareBlocks(a: Float32Array, b: Float32Array): Float64Array;
}

/** The meaning of it, in plain TypeScript. */
export const plainArithmetic: PixelArithmetic = { toFullRange, invert, samePixels, hasOutsideChange, areaAverage, compareBlocks };

/** Room for one picture. Whoever took it holds it. */
export interface PictureBuffer {
  readonly pixels: Uint8Array;
  readonly loan?: Loan;
}

/** Where the pictures of one stream lie, and who computes on them there. */
export interface PictureMemory {
  /** Room for so many pixels; null: all there is, is in use. */
  take(pixels: number): PictureBuffer | null;
  readonly arithmetic: PixelArithmetic;
}

/** New memory for each picture. */
export const newMemory: PictureMemory = { take: (pixels) => ({ pixels: new Uint8Array(pixels) }), arithmetic: plainArithmetic };
