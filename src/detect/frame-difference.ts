import type { AnalysisImage } from '../frame';

/** D of two neighbouring acquisitions (paper section 2.1): the mean absolute difference, grey levels per pixel. */
export function frameDifference(a: AnalysisImage, b: AnalysisImage): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const change = (a[i] as number) - (b[i] as number);
    sum += change < 0 ? -change : change;
  }
  return sum / a.length;
}
