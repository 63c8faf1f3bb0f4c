import { grey, oneGrey } from './grey.as';

/** Whether two ranges of memory are equal. */
export function same(a: usize, b: usize, length: usize): bool {
  const vectors = length & ~15;
  for (let i: usize = 0; i < vectors; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  }
  for (let i = vectors; i < length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

/**
 * How many pixels differ by more than `least` grey levels of full range. `videoA`, `videoB`: they are in video range.
 */
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

/** Every other 8 × 8 block of the 32 × 32, as on a chessboard. */
const BLOCKS = 512;

/**
 * Compares two images of 256 × 256 means: for each of 512 blocks new detail, all detail and mean change, as three
 * float64 in `blocks` (compare-pixels.ts).
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
      // The last of a row's eight has no right neighbour in this block.
      const counted = x == y + 24 ? i64x2(-1, 0) : i64x2.splat(-1);
      newDetail = f64x2.add(newDetail, v128.and(fresh, counted));
      detail = f64x2.add(detail, v128.and(both, counted));
    }
  }
  store<f64>(found, total(newDetail) / 49);
  store<f64>(found + 8, total(detail) / 98);
  store<f64>(found + 16, total(change) / 64);
}

function pair(address: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load_zero<u64>(address));
}

function total(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}
