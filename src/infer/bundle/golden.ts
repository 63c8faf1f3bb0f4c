import { ANALYSIS_SIZE, type AnalysisImage } from '../../frame';
import { type ModelCard, OUTPUT_ROLES, type OutputRole } from './model-card';
import { ModelError } from './model-error';

type Grid = readonly [rows: number, columns: number];

/** The golden input as analysis images: each value of the grid fills its block. */
export function goldenImages(bytes: Uint8Array, card: ModelCard): AnalysisImage[] {
  const [rows, columns] = card.golden.input.grid;
  const frames = card.inputs.frames.shape[1];
  if (bytes.length !== frames * rows * columns) {
    throw new ModelError('golden', `${card.golden.input.file}: Expected ${frames}×${rows}×${columns} bytes, got ${bytes.length}`);
  }
  const size = ANALYSIS_SIZE;
  const column = Uint16Array.from({ length: size }, (_, x) => Math.floor((x * columns) / size));
  return Array.from({ length: frames }, (_, frame) => {
    const image = new Uint8Array(new SharedArrayBuffer(size * size));
    for (let y = 0; y < size; y++) {
      const row = (frame * rows + Math.floor((y * rows) / size)) * columns;
      for (let x = 0; x < size; x++) image[y * size + x] = bytes[row + (column[x] as number)] as number;
    }
    return image;
  });
}

/** The mean of each block of a picture, row by row. The grid divides the picture evenly. */
export function blockMeans(values: Float32Array, [height, width]: Grid, [rows, columns]: Grid): Float64Array {
  const means = new Float64Array(rows * columns);
  const blockHeight = height / rows;
  const blockWidth = width / columns;
  for (let i = 0; i < height * width; i++) {
    const block = Math.floor(Math.floor(i / width) / blockHeight) * columns + Math.floor((i % width) / blockWidth);
    means[block] = (means[block] as number) + (values[i] as number) / (blockHeight * blockWidth);
  }
  return means;
}

/**
 * Throws a `ModelError` when the block means of an output differ from the golden ones by more than the card's
 * tolerance.
 */
export function checkGolden(card: ModelCard, outputs: Record<OutputRole, Float32Array>, golden: Record<OutputRole, Float32Array>): void {
  for (const role of OUTPUT_ROLES) {
    const [, , height, width] = card.outputs[role].shape;
    const { file, grid } = card.golden.outputs[role];
    const expected = golden[role];
    if (expected.length !== grid[0] * grid[1]) {
      throw new ModelError('golden', `${file}: Expected ${grid[0]}×${grid[1]} float32, got ${expected.length}`);
    }
    const means = blockMeans(outputs[role], [height, width], grid);
    const worst = means.reduce((most, mean, i) => maxOrNaN(most, Math.abs(mean - (expected[i] as number))), 0);
    if (!(worst <= card.golden.tolerance)) {
      throw new ModelError('golden', `${role}: computed ${worst.toPrecision(3)} off the golden output, tolerance ${card.golden.tolerance}`);
    }
  }
}

/** The larger; NaN when either is. */
const maxOrNaN = (a: number, b: number): number => (a >= b || Number.isNaN(a) ? a : b);
