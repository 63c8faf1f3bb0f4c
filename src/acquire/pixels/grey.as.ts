/** Converts video range (16 to 235) to full range, in place, rounded as by libswscale. */
export function toFullRange(pixels: usize, length: usize): void {
  const vectors = length & ~15;
  for (let i: usize = 0; i < vectors; i += 16) v128.store(pixels + i, full(v128.load(pixels + i)));
  for (let i = vectors; i < length; i++) store<u8>(pixels + i, i8x16.extract_lane_u(full(i8x16.splat(load<u8>(pixels + i))), 0));
}

export function grey(address: usize, video: bool): v128 {
  const pixels = v128.load(address);
  return video ? full(pixels) : pixels;
}

export function oneGrey(address: usize, video: bool): u8 {
  const pixel = load<u8>(address);
  return video ? i8x16.extract_lane_u(full(i8x16.splat(pixel)), 0) : pixel;
}

/** x + 36/219 x, with x above black: a factor of 255/219 in 16 bits. */
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
