import type { PixelArithmetic } from '../acquire/pixels/picture-memory';
import { ANALYSIS_SIZE, type Frame } from '../frame';

const SIZE = 64;
/** A local copy: a lookup per pixel costs more than the arithmetic. */
const WIDTH = ANALYSIS_SIZE;
const STEP = ANALYSIS_SIZE / SIZE;
/** Most change of a cell's mean, in grey levels: an encoder changes it by less, the digit of a clock by more. */
const CHANGED = 4;

/** 64 × 64 means of a whole captured picture: the look of the monitor, with its clock and texts. */
export type MonitorLook = Float32Array;

export function monitorLook(frame: Frame, areaAverage: PixelArithmetic['areaAverage']): MonitorLook {
  const averages = areaAverage(frame, { x: 0, y: 0, width: frame.width, height: frame.height });
  const look = new Float32Array(SIZE * SIZE);
  for (let cell = 0; cell < look.length; cell++) {
    const first = STEP * (WIDTH * (cell >> 6) + (cell & 63));
    let sum = 0;
    for (let y = 0; y < STEP; y++) for (let x = 0, i = first + y * WIDTH; x < STEP; x++, i++) sum += averages[i] as number;
    look[cell] = sum / STEP ** 2;
  }
  return look;
}

export const sameLook = (a: MonitorLook, b: MonitorLook): boolean => a.every((mean, i) => Math.abs(mean - (b[i] as number)) <= CHANGED);
