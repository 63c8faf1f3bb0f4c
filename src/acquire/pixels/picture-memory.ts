import type { Loan } from '../../frame';
import { type PixelArithmetic, plainArithmetic } from './pixel-arithmetic';

/** Room for one picture. Whoever took it holds it. */
export interface Room {
  readonly pixels: Uint8Array;
  readonly loan?: Loan;
}

/** Where the pictures of one stream lie, and who computes on them there. */
export interface PictureMemory {
  /** Room for so many pixels; null: all there is, is in use. */
  take(pixels: number): Room | null;
  readonly arithmetic: PixelArithmetic;
}

/** New memory for each picture. */
export const newMemory: PictureMemory = { take: (pixels) => ({ pixels: new Uint8Array(pixels) }), arithmetic: plainArithmetic };
