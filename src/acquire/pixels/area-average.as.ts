import { grey, oneGrey } from './grey.as';

/**
 * Mean grey values of 256 × 256 equal cells of an area, as float32 in `averages`. `line` has room for one int32 more
 * than the area has columns. `video`: the pixels are in video range; the means are in full range. Cell borders lie at
 * multiples of a 256th of a pixel, so that integers represent the sums exactly.
 */
export function areaAverage(
  averages: usize,
  line: usize,
  pixels: usize,
  stride: i32,
  x: i32,
  y: i32,
  width: i32,
  height: i32,
  video: bool,
): void {
  const count = <f64>width * <f64>height;
  store<i32>(line + 4 * <usize>width, 0);
  for (let row = 0; row < 256; row++) {
    const start = 256 * y + row * height;
    const end = start + height;
    const cut = start >> 8;
    let last = end >> 8;
    let first = cut + 1;
    let cutShare = 256 * first - start;
    let restShare = last < y + height ? end & 255 : 0;
    if (cut == last) {
      cutShare = height;
      last = first;
      restShare = 0;
    }
    sumColumns(line, pixels + x, stride, width, cut, cutShare, first, last, restShare, video);
    sumCells(averages + 1024 * <usize>row, line, width, count);
  }
}

/** The sum of each column within a row of cells, in 256ths, into `line`. */
function sumColumns(
  line: usize,
  pixels: usize,
  stride: i32,
  width: i32,
  cut: i32,
  cutShare: i32,
  first: i32,
  last: i32,
  restShare: i32,
  video: bool,
): void {
  const cutRow = pixels + <usize>(cut * stride);
  const firstRow = pixels + <usize>(first * stride);
  const lastRow = pixels + <usize>(last * stride);
  const cutShares = i16x8.splat(<i16>cutShare);
  const restShares = i16x8.splat(<i16>restShare);
  const vectors = <usize>(width & ~15);
  for (let column: usize = 0; column < vectors; column += 16) {
    let low = i16x8.splat(0);
    let high = i16x8.splat(0);
    for (let row = firstRow + column; row < lastRow + column; row += <usize>stride) {
      const pixels = grey(row, video);
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(pixels));
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(pixels));
    }
    const cutGrey = grey(cutRow + column, video);
    const restGrey = restShare == 0 ? i16x8.splat(0) : grey(lastRow + column, video);
    const sums = line + 4 * column;
    storeSums(sums, low, i16x8.extend_low_i8x16_u(cutGrey), cutShares, i16x8.extend_low_i8x16_u(restGrey), restShares);
    storeSums(sums + 32, high, i16x8.extend_high_i8x16_u(cutGrey), cutShares, i16x8.extend_high_i8x16_u(restGrey), restShares);
  }
  for (let column = vectors; column < <usize>width; column++) {
    let sum = 0;
    for (let row = firstRow + column; row < lastRow + column; row += <usize>stride) sum += <i32>oneGrey(row, video);
    const rest = restShare == 0 ? 0 : restShare * <i32>oneGrey(lastRow + column, video);
    store<i32>(line + 4 * column, 256 * sum + cutShare * <i32>oneGrey(cutRow + column, video) + rest);
  }
}

/** Eight columns: 256 × whole pixels + the shares of cut ones. A share × grey fits 16 bits, the sum of two does not. */
function storeSums(sums: usize, whole: v128, cut: v128, cutShares: v128, rest: v128, restShares: v128): void {
  const cuts = i16x8.mul(cut, cutShares);
  const rests = i16x8.mul(rest, restShares);
  const low = i32x4.add(i32x4.extend_low_i16x8_u(cuts), i32x4.extend_low_i16x8_u(rests));
  const high = i32x4.add(i32x4.extend_high_i16x8_u(cuts), i32x4.extend_high_i16x8_u(rests));
  v128.store(sums, i32x4.add(i32x4.shl(i32x4.extend_low_i16x8_u(whole), 8), low));
  v128.store(sums + 16, i32x4.add(i32x4.shl(i32x4.extend_high_i16x8_u(whole), 8), high));
}

/** The means of a row of cells, from its column sums. */
function sumCells(averages: usize, line: usize, width: i32, count: f64): void {
  for (let column = 0; column < 256; column++) {
    const start = column * width;
    const end = start + width;
    const cut = start >> 8;
    let last = end >> 8;
    let first = cut + 1;
    let cutShare = 256 * first - start;
    let restShare = last < width ? end & 255 : 0;
    if (cut == last) {
      cutShare = width;
      last = first;
      restShare = 0;
    }
    let whole: i64 = 0;
    for (let x = first; x < last; x++) whole += <i64>load<i32>(line + 4 * <usize>x);
    const sum = <i64>cutShare * load<i32>(line + 4 * <usize>cut) + <i64>restShare * load<i32>(line + 4 * <usize>last) + 256 * whole;
    store<f32>(averages + 4 * <usize>column, <f32>(<f64>sum / count));
  }
}
