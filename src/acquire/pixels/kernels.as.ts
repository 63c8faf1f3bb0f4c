/**
 * The arithmetic on pictures that runs for every captured frame, in AssemblyScript: WebAssembly with 128-bit vectors, on memory that the pictures lie in. Each function
 * gives what its plain counterpart gives, to the bit (test/pixels). Pointers are byte offsets in that memory.
 */

/** Whether two stretches of memory hold the same. */
export function same(a: usize, b: usize, length: usize): bool {
  const vectors = length & ~15;
  for (let i: usize = 0; i < vectors; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  }
  for (let i = vectors; i < length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

/** How many pixels of a stretch differ by more than `least` grey levels of full range. `video`: a's, or b's, are in video range. */
export function changed(a: usize, b: usize, length: usize, least: u8, videoA: bool, videoB: bool): i32 {
  const vectors = length & ~15;
  const bound = i8x16.splat(least);
  let count = 0;
  for (let i: usize = 0; i < vectors; i += 16) {
    const p = grey(a + i, videoA);
    const q = grey(b + i, videoB);
    const difference = v128.or(i8x16.sub_sat_u(p, q), i8x16.sub_sat_u(q, p));
    count += popcnt(i8x16.bitmask(i8x16.gt_u(difference, bound)));
  }
  for (let i = vectors; i < length; i++) {
    const difference = <i32>oneGrey(a + i, videoA) - <i32>oneGrey(b + i, videoB);
    if (difference > <i32>least || difference < -(<i32>least)) count++;
  }
  return count;
}

/** Video range (16 to 235) to full range in place, as libswscale rounds it. */
export function toFullRange(pixels: usize, length: usize): void {
  const vectors = length & ~15;
  for (let i: usize = 0; i < vectors; i += 16) v128.store(pixels + i, full(v128.load(pixels + i)));
  for (let i = vectors; i < length; i++) store<u8>(pixels + i, i8x16.extract_lane_u(full(i8x16.splat(load<u8>(pixels + i))), 0));
}

/** Sixteen pixels in full range. */
function grey(address: usize, video: bool): v128 {
  const pixels = v128.load(address);
  return video ? full(pixels) : pixels;
}

function oneGrey(address: usize, video: bool): u8 {
  const pixel = load<u8>(address);
  return video ? i8x16.extract_lane_u(full(i8x16.splat(pixel)), 0) : pixel;
}

/** x + 36/219 x of what lies above black: the factor 255/219 in 16 bits. */
function full(pixels: v128): v128 {
  const above = i8x16.sub_sat_u(pixels, i8x16.splat(16));
  const low = stretched(i16x8.extend_low_i8x16_u(above));
  const high = stretched(i16x8.extend_high_i8x16_u(above));
  return i8x16.narrow_i16x8_u(low, high);
}

function stretched(above: v128): v128 {
  const share = i16x8.q15mulr_sat_s(i16x8.shl(above, 5), i16x8.splat(21542));
  return i16x8.add(above, i16x8.shr_u(i16x8.add(share, i16x8.splat(64)), 7));
}

/** The negative, in place. */
export function invert(pixels: usize, length: usize): void {
  const vectors = length & ~15;
  for (let i: usize = 0; i < vectors; i += 16) v128.store(pixels + i, v128.not(v128.load(pixels + i)));
  for (let i = vectors; i < length; i++) store<u8>(pixels + i, 255 - load<u8>(pixels + i));
}

/**
 * The mean grey values of 256 × 256 equal cells of an area, as float32 into `averages`. `line` has room for one int32 more than the area has columns. `video`: the pixels are in video range, the means in full range. Borders of cells lie
 * at multiples of a 256th of a pixel, so that whole numbers count all of it exactly.
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

/** Of each column, the grey values within a row of cells, in 256ths, into `line`. */
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

/** Eight columns: 256 × whole pixels + the shares of those that are cut. A share times a grey value fits 16 bits, their sum does not. */
function storeSums(sums: usize, whole: v128, cut: v128, cutShares: v128, rest: v128, restShares: v128): void {
  const cuts = i16x8.mul(cut, cutShares);
  const rests = i16x8.mul(rest, restShares);
  const low = i32x4.add(i32x4.extend_low_i16x8_u(cuts), i32x4.extend_low_i16x8_u(rests));
  const high = i32x4.add(i32x4.extend_high_i16x8_u(cuts), i32x4.extend_high_i16x8_u(rests));
  v128.store(sums, i32x4.add(i32x4.shl(i32x4.extend_low_i16x8_u(whole), 8), low));
  v128.store(sums + 16, i32x4.add(i32x4.shl(i32x4.extend_high_i16x8_u(whole), 8), high));
}

/** The means of a row of cells out of its column sums. */
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

/** Blocks of 8 × 8 means, every other of 32 × 32, as on a chess board. */
const BLOCKS = 512;

/**
 * Compares two images of 256 × 256 means block by block: for each of 512 blocks its new detail, all its detail and its mean change as three float64 into `blocks`
 * (compare-blocks.ts).
 */
export function compareBlocks(a: usize, b: usize, blocks: usize): void {
  for (let block = 0; block < BLOCKS; block++) {
    const row = block >> 4;
    const column = ((block & 15) << 1) + (row & 1);
    const start = <usize>(8192 * row + 32 * column);
    compareBlock(a + start, b + start, blocks + 24 * <usize>block);
  }
}

function compareBlock(a: usize, b: usize, found: usize): void {
  let newDetail = f64x2.splat(0);
  let detail = f64x2.splat(0);
  let change = f64x2.splat(0);
  for (let y: usize = 0; y < 8192; y += 1024) {
    for (let x = y; x < y + 32; x += 8) {
      const p = pair(a + x);
      const q = pair(b + x);
      change = f64x2.add(change, f64x2.abs(f64x2.sub(p, q)));
      if (y == 7168) continue;
      const inA = f64x2.add(f64x2.sub(f64x2.sub(p, pair(a + x + 4)), pair(a + x + 1024)), pair(a + x + 1028));
      const inB = f64x2.add(f64x2.sub(f64x2.sub(q, pair(b + x + 4)), pair(b + x + 1024)), pair(b + x + 1028));
      const fresh = f64x2.abs(f64x2.sub(inA, inB));
      const both = f64x2.add(f64x2.abs(inA), f64x2.abs(inB));
      // The last of a row's eight has no neighbour to its right in this block.
      const counted = x == y + 24 ? i64x2(-1, 0) : i64x2.splat(-1);
      newDetail = f64x2.add(newDetail, v128.and(fresh, counted));
      detail = f64x2.add(detail, v128.and(both, counted));
    }
  }
  store<f64>(found, total(newDetail) / 49);
  store<f64>(found + 8, total(detail) / 98);
  store<f64>(found + 16, total(change) / 64);
}

/** Two float32 as float64. */
function pair(address: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load_zero<u64>(address));
}

function total(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}
