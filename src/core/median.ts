/** The middle value; the lower of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('Expected at least one value, got none');
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1] as number;
}
