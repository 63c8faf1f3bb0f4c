/** 1 where a probability reaches the threshold, 0 elsewhere; row by row like its input. What is not a number does not reach it. */
export function threshold(probabilities: Float32Array, from: number): Uint8Array {
  const bits = new Uint8Array(probabilities.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (probabilities[i] as number) >= from ? 1 : 0;
  return bits;
}
