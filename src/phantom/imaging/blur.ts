import type { Grid } from '../anatomy/field';

// Local copies are faster in per-pixel loops.
const exp = Math.exp;
const ceil = Math.ceil;
const max = Math.max;
const min = Math.min;

/** Columns and rows of a grid, inclusive. */
export interface GridWindow {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Weights of a Gaussian of `sigma` pixels; they sum to 1. */
export function gaussianKernel(sigma: number): Float32Array {
  const radius = max(0, ceil(sigma * 2.6));
  const kernel = new Float32Array(2 * radius + 1);
  let sum = 0;
  for (let i = -radius; i <= radius; i++) sum += kernel[i + radius] = sigma > 0 ? exp(-(i * i) / (2 * sigma * sigma)) : 1;
  return kernel.map((weight) => weight / sum);
}

/**
 * Gaussian blur in place, `sigma` in display pixels; the border is repeated. With a window, values outside it must be
 * 0 or stay as they are.
 */
export function blur(values: Float32Array, grid: Grid, sigma: number, window?: GridWindow): void {
  const across = sigma / grid.stepX;
  const down = sigma / grid.stepY;
  const [marginX, marginY] = [ceil(across * 3), ceil(down * 3)];
  const area: GridWindow = {
    left: max(0, (window?.left ?? 0) - marginX),
    right: min(grid.width - 1, (window?.right ?? grid.width) + marginX),
    top: max(0, (window?.top ?? 0) - marginY),
    bottom: min(grid.height - 1, (window?.bottom ?? grid.height) + marginY),
  };
  if (area.right < area.left || area.bottom < area.top) return;
  if (across >= 0.25) for (const kernel of kernels(across)) blurRows(values, grid.width, area, kernel);
  if (down >= 0.25) for (const kernel of kernels(down)) blurColumns(values, grid.width, area, kernel);
}

/** A wide Gaussian as several narrow ones would cost the same; three boxes come close enough. */
function kernels(sigma: number): readonly Float32Array[] {
  if (sigma < 4) return [gaussianKernel(sigma)];
  const size = 2 * Math.round(Math.sqrt(sigma * sigma * 4 + 1) / 2 - 0.5) + 1;
  const box = new Float32Array(size).fill(1 / size);
  return [box, box, box];
}

function blurRows(values: Float32Array, width: number, { left, right, top, bottom }: GridWindow, kernel: Float32Array): void {
  const radius = (kernel.length - 1) / 2;
  const length = right - left + 1;
  const line = new Float32Array(length + 2 * radius);
  const isBox = kernel.length > 1 && kernel[0] === kernel[radius];
  for (let y = top; y <= bottom; y++) {
    const start = y * width + left;
    line.fill(values[start]!, 0, radius);
    line.set(values.subarray(start, start + length), radius);
    line.fill(values[start + length - 1]!, radius + length);
    if (isBox) runningMean(values, start, line, length, kernel.length);
    else convolve(values, start, line, length, kernel);
  }
}

function convolve(values: Float32Array, start: number, line: Float32Array, length: number, kernel: Float32Array): void {
  const size = kernel.length;
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += kernel[k]! * line[i + k]!;
    values[start + i] = sum;
  }
}

function runningMean(values: Float32Array, start: number, line: Float32Array, length: number, size: number): void {
  let sum = 0;
  for (let i = 0; i < size - 1; i++) sum += line[i]!;
  for (let i = 0; i < length; i++) {
    sum += line[i + size - 1]!;
    values[start + i] = sum / size;
    sum -= line[i]!;
  }
}

/** Row by row, so that memory is read in order: a ring of the untouched rows feeds the sums. */
function blurColumns(values: Float32Array, width: number, { left, right, top, bottom }: GridWindow, kernel: Float32Array): void {
  const size = kernel.length;
  const radius = (size - 1) / 2;
  const length = right - left + 1;
  const ring = Array.from({ length: size }, () => new Float32Array(length));
  const sums = new Float32Array(length);
  const isBox = size > 1 && kernel[0] === kernel[radius];
  const rowAt = (y: number): Float32Array => {
    const start = min(bottom, max(top, y)) * width + left;
    return values.subarray(start, start + length);
  };
  for (let y = top - radius; y < top + radius; y++) ring[(y + size * 4 + radius * size) % size]!.set(rowAt(y));
  if (isBox) for (let y = top - radius; y < top + radius; y++) addRow(sums, ring[(y + size * 4 + radius * size) % size]!, 1);
  for (let y = top; y <= bottom; y++) {
    const newest = ring[(y + radius + size * 4 + radius * size) % size]!;
    newest.set(rowAt(y + radius));
    const target = values.subarray(y * width + left, y * width + left + length);
    if (isBox) {
      addRow(sums, newest, 1);
      for (let i = 0; i < length; i++) target[i] = sums[i]! / size;
      addRow(sums, ring[(y - radius + size * 4 + radius * size) % size]!, -1);
    } else {
      sums.fill(0);
      for (let k = 0; k < size; k++) addRow(sums, ring[(y - radius + k + size * 4 + radius * size) % size]!, kernel[k]!);
      target.set(sums);
    }
  }
}

function addRow(sums: Float32Array, row: Float32Array, weight: number): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += weight * row[i]!;
}
