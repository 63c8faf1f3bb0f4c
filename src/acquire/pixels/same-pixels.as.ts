import { grey, oneGrey } from './grey.as';

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
