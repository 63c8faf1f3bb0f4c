/** The negative of a picture. The given pixels are overwritten: they must have no other reader yet. */
export function inverted(pixels: Uint8Array): Uint8Array {
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = 255 - (pixels[i] ?? 0);
  return pixels;
}
