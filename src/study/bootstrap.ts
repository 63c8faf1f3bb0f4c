import { percentile } from './percentile';

const ROUNDS = 1000;

/**
 * The 95 % percentile bootstrap interval of the mean: the 2.5th and 97.5th percentile of the means of 1000 samples, each as large as the given one
 * and drawn from it with replacement. `uniform` gives 0 ≤ value < 1. Throws on no values.
 */
export function bootstrapInterval(values: readonly number[], uniform: () => number): readonly [low: number, high: number] {
  if (values.length === 0) throw new RangeError('Expected at least 1 value, got 0');
  const means = Array.from({ length: ROUNDS }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[Math.floor(uniform() * values.length)] as number;
    return sum / values.length;
  }).sort((a, b) => a - b);
  return [percentile(means, 0.025), percentile(means, 0.975)];
}
