/** Cells of so many pixels squared. */
export const CELL = 16;
/** So many changes are remembered. */
const REMEMBERED = 32;

/** What the changes from picture to picture add up to, cell by cell, and along the edges pixel by pixel. */
export interface Activity {
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
  /** Of each cell, row by row: a bit for each remembered change in which it was active, the last one lowest. */
  readonly cells: Uint32Array;
  /** How much pixel column x changed within cell row r: at r × width + x. */
  readonly byColumn: Float64Array;
  /** How much pixel row y changed within cell column c: at c × height + y. */
  readonly byRow: Float64Array;
}

/** How many of the remembered changes a cell took part in. */
export function bits(mask: number): number {
  let count = 0;
  for (let i = 0; i < REMEMBERED; i++) count += (mask >>> i) & 1;
  return count;
}
