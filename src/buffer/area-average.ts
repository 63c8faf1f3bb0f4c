import { ANALYSIS_SIZE, type AnalysisImage, type Frame, type Rect } from '../frame';

/** Held here: a global looked up per pixel costs more than the arithmetic. */
const SIZE = ANALYSIS_SIZE;
const floor = Math.floor;
const round = Math.round;

/** One of SIZE equal cells along an axis: whole pixels from `first` up to `last`, and the shares of the pixels its borders cut. */
interface Cell {
  readonly cut: number;
  readonly cutShare: number;
  readonly first: number;
  readonly last: number;
  readonly restShare: number;
}

function cells(from: number, length: number): Cell[] {
  return Array.from({ length: SIZE }, (_, i) => {
    const [start, end] = [from + (i * length) / SIZE, from + ((i + 1) * length) / SIZE];
    const [cut, last] = [floor(start), floor(end)];
    // A cell narrower than a pixel may lie within one: then all of it is the cut.
    if (cut === last) return { cut, cutShare: end - start, first: cut + 1, last: cut + 1, restShare: 0 };
    const cutShare = cut + 1 - start;
    return { cut, cutShare, first: cut + 1, last, restShare: last < from + length ? end - last : 0 };
  });
}

/**
 * The mean grey value of each of ANALYSIS_SIZE² equal cells of an image area, 0…255, unrounded (plain, anisotropic resize; paper section 3).
 * Pixels that a border cuts count with the share that lies inside. Equals OpenCV's INTER_AREA when shrinking.
 */
export function areaAverage({ pixels, width }: Pick<Frame, 'pixels' | 'width'>, area: Rect): Float32Array {
  const columns = cells(0, area.width);
  const averages = new Float32Array(SIZE ** 2);
  // One more than there are columns: a last cell that ends with the area reads nothing behind it.
  const line = new Float64Array(area.width + 1);
  const cellArea = (area.width * area.height) / SIZE ** 2;
  cells(area.y, area.height).forEach(({ cut, cutShare, first, last, restShare }, row) => {
    const end = last * width;
    for (let x = 0; x < area.width; x++) {
      const at = area.x + x;
      let sum = cutShare * (pixels[cut * width + at] as number);
      for (let i = first * width + at; i < end; i += width) sum += pixels[i] as number;
      line[x] = restShare > 0 ? sum + restShare * (pixels[end + at] as number) : sum;
    }
    for (let column = 0, out = row * SIZE; column < SIZE; column++, out++) {
      const cell = columns[column] as Cell;
      let sum = cell.cutShare * (line[cell.cut] as number) + cell.restShare * (line[cell.last] as number);
      for (let x = cell.first; x < cell.last; x++) sum += line[x] as number;
      averages[out] = sum / cellArea;
    }
  });
  return averages;
}

/** Rounds averages to 8-bit grey, in memory a worker can share. */
export function toAnalysisImage(averages: Float32Array): AnalysisImage {
  const image = new Uint8Array(new SharedArrayBuffer(averages.length));
  for (let i = 0; i < image.length; i++) image[i] = round(averages[i] as number);
  return image;
}
