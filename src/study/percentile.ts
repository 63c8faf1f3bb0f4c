/** The value below which a share (0…1) of ascending values lies, interpolated between the two nearest. Throws on no values. */
export function percentile(ascending: readonly number[], share: number): number {
  if (ascending.length === 0) throw new RangeError('Expected at least 1 value, got 0');
  const at = share * (ascending.length - 1);
  const below = ascending[Math.floor(at)] as number;
  const above = ascending[Math.ceil(at)] as number;
  return below + (above - below) * (at - Math.floor(at));
}
