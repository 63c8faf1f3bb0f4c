import type { PixelArithmetic } from '../acquire/pixels/pixel-arithmetic';
import { ANALYSIS_SIZE, type Frame } from '../frame';
import { noiseSigns } from './noise-signs';
import { pictureShift } from './picture-shift';

/** Around a shift that is known to within half a cell, quarters of a cell are tried, so many on either side. */
const QUARTERS = [-2, -1, 0, 1, 2];

const SIZE = ANALYSIS_SIZE;
const HALF = SIZE / 2;
const WORD = 32;
const ROW_WORDS = SIZE / WORD;

/** Of the noise signs of a picture, those of its inner half: 128 × 128. */
export function innerSigns(signs: Uint32Array): Uint32Array {
  const inner = new Uint32Array((HALF * HALF) / WORD);
  for (let row = 0; row < HALF; row++) {
    const from = (row + HALF / 2) * ROW_WORDS + ROW_WORDS / 4;
    inner.set(signs.subarray(from, from + ROW_WORDS / 2), (row * ROW_WORDS) / 2);
  }
  return inner;
}

/**
 * The noise signs of what lies in a frame where a picture (256 × 256 means) has its inner half, if the frame shows the same in another place: by the shift to within a cell, and
 * captured pixels around it.
 */
export function* shiftedSigns(
  frame: Frame,
  averages: Float32Array,
  picture: Float32Array | null,
  areaAverage: PixelArithmetic['areaAverage'],
): Generator<Uint32Array> {
  const shift = picture && pictureShift(picture, averages);
  if (!shift) return;
  const { width, height } = frame.imageArea;
  const places = (cells: number, length: number): number[] => {
    const step = Math.max(1, Math.round(length / SIZE / 4));
    return QUARTERS.map((quarter) => Math.round((cells * length) / SIZE) + quarter * step);
  };
  for (const down of places(shift.y, height)) {
    for (const right of places(shift.x, width)) {
      const signs = signsAt(frame, right, down, areaAverage);
      if (signs) yield signs;
    }
  }
}

/** Those of a frame that shows the picture `right` and `down` captured pixels further on; null: there is no noise, or the inner half does not lie in the picture. */
function signsAt(frame: Frame, right: number, down: number, areaAverage: PixelArithmetic['areaAverage']): Uint32Array | null {
  const { x, y, width, height } = frame.imageArea;
  const area = {
    x: x + Math.round(width / 4) + right,
    y: y + Math.round(height / 4) + down,
    width: Math.round(width / 2),
    height: Math.round(height / 2),
  };
  if (area.x < 0 || area.y < 0 || area.x + area.width > frame.width || area.y + area.height > frame.height) return null;
  const finer = areaAverage(frame, area);
  const averages = new Float32Array(HALF * HALF);
  for (let row = 0; row < HALF; row++) {
    for (let column = 0, i = 2 * row * SIZE; column < HALF; column++, i += 2)
      averages[row * HALF + column] =
        (finer[i] as number) + (finer[i + 1] as number) + (finer[i + SIZE] as number) + (finer[i + SIZE + 1] as number);
  }
  return noiseSigns(averages);
}
