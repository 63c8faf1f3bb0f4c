import { ANALYSIS_SIZE, type AnalysisImage, type Frame, type Rect } from '../frame';

/** Held here: a global looked up per pixel costs more than the arithmetic. */
const SIZE = ANALYSIS_SIZE;
const floor = Math.floor;
const max = Math.max;
const min = Math.min;
const round = Math.round;

/** Where the borders of the output cells fall: cell i covers start[i] … start[i + 1], in pixels. */
const cellBorders = (from: number, length: number, cells: number): Float64Array =>
  Float64Array.from({ length: cells + 1 }, (_, i) => from + (i * length) / cells);

/**
 * The mean grey value of each of ANALYSIS_SIZE² equal cells of an image area, 0…255, unrounded (plain, anisotropic resize; paper section 3).
 * Pixels that a border cuts count with the share that lies inside. Equals OpenCV's INTER_AREA when shrinking.
 */
export function areaAverage({ pixels, width }: Pick<Frame, 'pixels' | 'width'>, area: Rect): Float32Array {
  const columns = cellBorders(area.x, area.width, SIZE);
  const rows = cellBorders(area.y, area.height, SIZE);
  const cellArea = (area.width * area.height) / SIZE ** 2;
  const averages = new Float32Array(SIZE ** 2);
  const prefix = new Uint32Array(area.width + 1);
  const lineSums = new Float64Array(SIZE);
  let cellRow = 0;
  for (let y = area.y; y < area.y + area.height; y++) {
    sumLine(pixels, y * width + area.x, area, prefix, columns, lineSums);
    while (cellRow < SIZE && (rows[cellRow] as number) < y + 1) {
      const share = min(y + 1, rows[cellRow + 1] as number) - max(y, rows[cellRow] as number);
      const weight = share / cellArea;
      for (let column = 0, out = cellRow * SIZE; column < SIZE; column++, out++) {
        averages[out] = (averages[out] as number) + weight * (lineSums[column] as number);
      }
      if ((rows[cellRow + 1] as number) > y + 1) break;
      cellRow++;
    }
  }
  return averages;
}

/** The sum of a line's pixels within each column, by way of its prefix sums. */
function sumLine(pixels: Uint8Array, offset: number, area: Rect, prefix: Uint32Array, columns: Float64Array, sums: Float64Array): void {
  let sum = 0;
  for (let x = 0; x < area.width; x++) {
    sum += pixels[offset + x] as number;
    prefix[x + 1] = sum;
  }
  let before = 0;
  for (let column = 0; column < SIZE; column++) {
    const border = (columns[column + 1] as number) - area.x;
    const whole = min(floor(border), area.width);
    const upTo = (prefix[whole] as number) + (border - whole) * (whole < area.width ? (pixels[offset + whole] as number) : 0);
    sums[column] = upTo - before;
    before = upTo;
  }
}

/** Rounds averages to 8-bit grey, in memory a worker can share. */
export function toAnalysisImage(averages: Float32Array): AnalysisImage {
  const image = new Uint8Array(new SharedArrayBuffer(averages.length));
  for (let i = 0; i < image.length; i++) {
    image[i] = round(averages[i] as number);
  }
  return image;
}
