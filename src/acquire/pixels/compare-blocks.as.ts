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
