/** The least-squares slope of y over x and its standard error, of at least three points that differ in x. */
export function leastSquares(points: readonly (readonly [x: number, y: number])[]): { readonly slope: number; readonly error: number } {
  if (points.length < 3) throw new Error(`Expected at least three points, got ${points.length}`);
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x0, y0] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - x0) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0) / spread;
  const rest = points.reduce((sum, [x, y]) => sum + (y - y0 - slope * (x - x0)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (points.length - 2) / spread) };
}
