/** Numbers from 0 to 1 that look random, the same for the same seed. */
export function noise(seed: number): () => number {
  let state = seed * 7919 + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
