import { ANALYSIS_SIZE } from '../frame';
import { fillOutline, type Grid } from '../mask/fill-outline';
import type { Annotation } from './labelme-file';

/** An annotation on the analysis image, ANALYSIS_SIZE² pixels row by row. A pixel belongs to an outline when its centre lies inside. */
export interface Truth {
  /** 1 where any tumour is. */
  readonly tumour: Uint8Array;
  /** n + 1 where the annotation's n-th tumour is, 0 elsewhere; where two overlap, the later one. */
  readonly lesions: Uint8Array;
  /** 1 where liver is. */
  readonly liver: Uint8Array;
}

export function toTruth({ width, height, tumours, liver }: Pick<Annotation, 'width' | 'height' | 'tumours' | 'liver'>): Truth {
  const size = ANALYSIS_SIZE;
  const grid: Grid = { width: size, height: size, stepX: width / size, stepY: height / size };
  const lesions = new Uint8Array(size * size);
  const livers = new Uint8Array(size * size);
  tumours.forEach(({ outline }, n) => fillOutline(grid, outline, (index) => void (lesions[index] = n + 1)));
  for (const outline of liver) fillOutline(grid, outline, (index) => void (livers[index] = 1));
  return { tumour: lesions.map((lesion) => (lesion > 0 ? 1 : 0)), lesions, liver: livers };
}
