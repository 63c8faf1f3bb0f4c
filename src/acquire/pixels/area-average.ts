import { ANALYSIS_SIZE, type AnalysisImage, type Frame, type Rect } from '../../frame';

/** Local copies: looking up a global for every pixel costs more than the arithmetic. */
const SIZE = ANALYSIS_SIZE;
const floor = Math.floor;
const round = Math.round;
const imul = Math.imul;

/**
 * One of SIZE equal cells along an axis: whole pixels from `first` up to `last`, and the shares of the pixels its
 * borders cut, in SIZEths. Borders lie at multiples of a SIZEth of a pixel, so that integers represent the sums
 * exactly.
 */
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
    // A cell narrower than a pixel may lie within one: then all of it is cut.
    if (cut === last) return { cut, cutShare: SIZE * (end - start), first: cut + 1, last: cut + 1, restShare: 0 };
    const cutShare = SIZE * (cut + 1 - start);
    return { cut, cutShare, first: cut + 1, last, restShare: last < from + length ? SIZE * (end - last) : 0 };
  });
}

/**
 * Mean grey values, 0…255 and unrounded, of ANALYSIS_SIZE² equal cells of an image area (plain anisotropic resize;
 * paper section 3). A pixel cut by a border counts with its share. Equals OpenCV's INTER_AREA when shrinking.
 */
export function areaAverage({ pixels, width }: Pick<Frame, 'pixels' | 'width'>, area: Rect): Float32Array {
  const columns = cells(0, area.width);
  const averages = new Float32Array(SIZE ** 2);
  // One more than there are columns: a last cell that ends with the area reads 0 behind it.
  const line = new Int32Array(area.width + 1);
  for (const [row, cell] of cells(area.y, area.height).entries()) {
    sumColumns(line, pixels, width, area, cell);
    sumCells(averages, row * SIZE, line, columns, area.width * area.height);
  }
  return averages;
}

/** The sum of each column within a row of cells, in SIZEths; in memory order, several rows at a time. */
function sumColumns(line: Int32Array, pixels: Uint8Array, width: number, { x, width: length }: Rect, cell: Cell): void {
  const { cut, cutShare, first, last, restShare } = cell;
  for (let i = cut * width + x, column = 0; column < length; column++, i++) line[column] = imul(cutShare, pixels[i] as number);
  let row = first;
  for (; row + 3 <= last; row += 3) {
    let [i, j, k] = [row * width + x, (row + 1) * width + x, (row + 2) * width + x];
    for (let column = 0; column < length; column++) {
      const sum = (pixels[i++] as number) + (pixels[j++] as number) + (pixels[k++] as number);
      line[column] = (line[column] as number) + imul(SIZE, sum);
    }
  }
  for (; row < last; row++) {
    for (let i = row * width + x, column = 0; column < length; column++, i++)
      line[column] = (line[column] as number) + imul(SIZE, pixels[i] as number);
  }
  if (restShare === 0) return;
  for (let i = last * width + x, column = 0; column < length; column++, i++)
    line[column] = (line[column] as number) + imul(restShare, pixels[i] as number);
}

function sumCells(averages: Float32Array, start: number, line: Int32Array, columns: readonly Cell[], pixels: number): void {
  for (let column = 0; column < SIZE; column++) {
    const { cut, cutShare, first, last, restShare } = columns[column] as Cell;
    let whole = 0;
    for (let x = first; x < last; x++) whole += line[x] as number;
    averages[start + column] = (cutShare * (line[cut] as number) + restShare * (line[last] as number) + SIZE * whole) / pixels;
  }
}

/** Rounds averages to 8-bit grey, in memory that a worker can share. */
export function toAnalysisImage(averages: Float32Array): AnalysisImage {
  const image = new Uint8Array(new SharedArrayBuffer(averages.length));
  for (let i = 0; i < image.length; i++) image[i] = round(averages[i] as number);
  return image;
}
