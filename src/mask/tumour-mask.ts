/** x, y in captured-picture pixels. */
export type Point = readonly [x: number, y: number];

/** One connected tumour region, measured in captured-picture pixels. */
export interface Lesion {
  readonly areaPx: number;
  readonly areaMm2: number | null;
  /** In heights of a captured pixel. */
  readonly longestDiameterPx: number;
  readonly longestDiameterMm: number | null;
  readonly centroid: Point;
  readonly boundingBox: readonly [x: number, y: number, width: number, height: number];
  /** Closed outer outline, first point not repeated. */
  readonly contour: readonly Point[];
  /** Mean tumour probability inside, 0…1. */
  readonly confidence: number;
}

/** Where one image shows tumour, ready to send. */
export interface TumourMask {
  /** The model's output grid. */
  readonly width: number;
  readonly height: number;
  /** Row-major run lengths as unsigned LEB128, starting with the zeros; width × height in total. */
  readonly runLengths: Uint8Array;
  /** A pixel counts from this tumour probability on. */
  readonly threshold: number;
  /** Largest first. */
  readonly lesions: readonly Lesion[];
  readonly liver: { readonly areaPx: number; readonly contours: readonly (readonly Point[])[] };
}
