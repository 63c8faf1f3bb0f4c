import type { Grid } from '../../mask/fill-outline';

export type { Grid } from '../../mask/fill-outline';

// Looked up once: these run per pixel.
const ceil = Math.ceil;
const floor = Math.floor;
const max = Math.max;
const min = Math.min;

/** The size of a clinical DSA image in display pixels (paper, section 3); all anatomy is laid out in these units. */
export const FIELD_WIDTH = 1021;
export const FIELD_HEIGHT = 788;

/** x, y in display pixels of a FIELD_WIDTH × FIELD_HEIGHT image. */
export type FieldPoint = readonly [x: number, y: number];

/** Pixels that cover the field. */
export function fieldGrid(width: number, height: number): Grid {
  return { width, height, stepX: FIELD_WIDTH / width, stepY: FIELD_HEIGHT / height };
}

/** The part of a grid that a rectangle of the field touches: first and last column, first and last row. */
export function gridWindow(
  grid: Grid,
  left: number,
  top: number,
  right: number,
  bottom: number,
): readonly [number, number, number, number] {
  return [
    max(0, floor(left / grid.stepX - 0.5)),
    min(grid.width - 1, ceil(right / grid.stepX - 0.5)),
    max(0, floor(top / grid.stepY - 0.5)),
    min(grid.height - 1, ceil(bottom / grid.stepY - 0.5)),
  ];
}
