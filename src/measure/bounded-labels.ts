const wellFormed = /^[\x20-\x7e]{1,100}$/;

/**
 * A label value as it may stand in a metric: of each name the first `limit` well-formed values pass, all others read `other`
 * (a dropped frame's fate reads `dropped_other`), so that nothing a source says can fill the memory of whoever stores the metrics.
 */
export function boundedLabels(limit: number): (name: string, value: string) => string {
  const seen = new Map<string, Set<string>>();
  return (name, value) => {
    const values = seen.get(name) ?? new Set<string>();
    seen.set(name, values);
    if (values.has(value)) return value;
    if (!wellFormed.test(value) || values.size >= limit) return value.startsWith('dropped_') ? 'dropped_other' : 'other';
    values.add(value);
    return value;
  };
}
