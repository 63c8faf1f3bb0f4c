/**
 * Row-major run lengths as unsigned LEB128, starting with the zeros (0 when the first pixel is set); they add up to
 * the number of pixels. Any pixel other than 0 counts as set.
 *
 *    0 0 0 1 1 0   ->  3 2 1        1 1  ->  0 2
 */
export function encodeRunLengths(bits: Uint8Array | Uint32Array): Uint8Array {
  const bytes: number[] = [];
  let value = 0;
  let start = 0;
  for (let i = 0; i <= bits.length; i++) {
    const ends = i === bits.length || (bits[i] === 0 ? 0 : 1) !== value;
    if (!ends) continue;
    pushLeb128(bytes, i - start);
    value = 1 - value;
    start = i;
  }
  return Uint8Array.from(bytes);
}

/**
 * Decodes run lengths to pixels, 0 or 1. Throws, before allocating, when the bytes are truncated or do not add up to
 * `pixels`.
 */
export function decodeRunLengths(bytes: Uint8Array, pixels: number): Uint8Array {
  checkRunLengths(bytes, pixels);
  const bits = new Uint8Array(pixels);
  let at = 0;
  let value = 0;
  forEachRun(bytes, pixels, (length) => {
    if (value === 1) bits.fill(1, at, at + length);
    at += length;
    value = 1 - value;
  });
  return bits;
}

/** Throws when the bytes are truncated or do not add up to `pixels`. */
export function checkRunLengths(bytes: Uint8Array, pixels: number): void {
  let sum = 0;
  forEachRun(bytes, pixels, (length) => {
    sum += length;
    if (sum > pixels) throw new Error(`Expected run lengths of ${pixels} pixels in total, got more`);
  });
  if (sum !== pixels) throw new Error(`Expected run lengths of ${pixels} pixels in total, got ${sum}`);
}

function forEachRun(bytes: Uint8Array, pixels: number, run: (length: number) => void): void {
  for (let offset = 0; offset < bytes.length;) {
    let length = 0;
    let scale = 1;
    for (let more = true; more; offset++, scale *= 128) {
      const byte = bytes[offset];
      if (byte === undefined) throw new Error('Expected another byte of a run length, got the end');
      length += (byte & 127) * scale;
      if (length > pixels) throw new Error(`Expected run lengths of ${pixels} pixels in total, got more`);
      if (scale > 2 ** 28) throw new Error('Expected a run length of at most 5 bytes, got more');
      more = byte >= 128;
    }
    run(length);
  }
}

function pushLeb128(bytes: number[], length: number): void {
  let rest = length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}
