/** The lower median: of an even count, the lower of the two middle values. Throws on no values. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('Expected at least one value, got none');
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1] as number;
}

/** The quantile at `share` (0…1) of ascending values, interpolated linearly. Throws on no values. */
export function percentile(ascending: readonly number[], share: number): number {
  if (ascending.length === 0) throw new RangeError('Expected at least 1 value, got 0');
  const at = share * (ascending.length - 1);
  const below = ascending[Math.floor(at)] as number;
  const above = ascending[Math.ceil(at)] as number;
  return below + (above - below) * (at - Math.floor(at));
}

const RESAMPLES = 1000;

/**
 * The 95 % percentile bootstrap interval of the mean: the 2.5th and 97.5th percentiles of the means of 1000 samples,
 * each as large as the given one and drawn from it with replacement. `uniform` gives 0 ≤ value < 1. Throws on no
 * values.
 */
export function bootstrapInterval(values: readonly number[], uniform: () => number): readonly [low: number, high: number] {
  if (values.length === 0) throw new RangeError('Expected at least 1 value, got 0');
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[Math.floor(uniform() * values.length)] as number;
    return sum / values.length;
  }).sort((a, b) => a - b);
  return [percentile(means, 0.025), percentile(means, 0.975)];
}
