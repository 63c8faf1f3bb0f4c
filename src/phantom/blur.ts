import type { Grid } from './field';

// Looked up once: these run per pixel.
const ceil = Math.ceil;
const exp = Math.exp;
const max = Math.max;
const round = Math.round;
const sqrt = Math.sqrt;

function blurLine(values: Float32Array, line: Float32Array, start: number, stride: number, length: number, kernel: Float32Array): void {
  const radius = (kernel.length - 1) / 2;
  for (let i = 0; i < radius; i++) {
    line[i] = values[start]!;
    line[radius + length + i] = values[start + (length - 1) * stride]!;
  }
  for (let i = 0; i < length; i++) line[radius + i] = values[start + i * stride]!;
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * line[i + k]!;
    values[start + i * stride] = sum;
  }
}

/** Weights of a Gaussian of `sigma` pixels; they sum to 1. */
export function gaussianKernel(sigma: number): Float32Array {
  const radius = max(0, ceil(sigma * 2.6));
  const kernel = new Float32Array(2 * radius + 1);
  let sum = 0;
  for (let i = -radius; i <= radius; i++) sum += kernel[i + radius] = sigma > 0 ? exp(-(i * i) / (2 * sigma * sigma)) : 1;
  return kernel.map((weight) => weight / sum);
}

/** Gaussian blur in place; `sigma` in display pixels. Wide blurs are done by three box passes. */
export function blur(values: Float32Array, grid: Grid, sigma: number): void {
  const { width, height } = grid;
  const line = new Float32Array(max(width, height) + 512);
  const alongRows = kernelOf(sigma / grid.stepX);
  if (alongRows.length > 1) for (let j = 0; j < height; j++) apply(values, line, j * width, 1, width, alongRows);
  const alongColumns = kernelOf(sigma / grid.stepY);
  if (alongColumns.length > 1) for (let i = 0; i < width; i++) apply(values, line, i, width, height, alongColumns);
}

function kernelOf(sigma: number): Float32Array {
  if (sigma < 0.25) return gaussianKernel(0);
  if (sigma < 2.5) return gaussianKernel(sigma);
  const size = 2 * round(sqrt(sigma * sigma * 4 + 1) / 2 - 0.5) + 1;
  return new Float32Array(size);
}

function apply(values: Float32Array, line: Float32Array, start: number, stride: number, length: number, kernel: Float32Array): void {
  if (kernel[0]! > 0) return blurLine(values, line, start, stride, length, kernel);
  for (let pass = 0; pass < 3; pass++) boxLine(values, line, start, stride, length, kernel.length);
}

function boxLine(values: Float32Array, line: Float32Array, start: number, stride: number, length: number, size: number): void {
  const radius = (size - 1) / 2;
  for (let i = 0; i < length; i++) line[i] = values[start + i * stride]!;
  const first = line[0]!;
  const last = line[length - 1]!;
  let sum = 0;
  for (let i = -radius; i <= radius; i++) sum += i < 0 ? first : i < length ? line[i]! : last;
  for (let i = 0; i < length; i++) {
    values[start + i * stride] = sum / size;
    sum += (i + radius + 1 < length ? line[i + radius + 1]! : last) - (i - radius >= 0 ? line[i - radius]! : first);
  }
}
