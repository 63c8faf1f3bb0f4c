import { widthSteps } from '../../protocol/picture-widths';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Monitors in the lab are mostly 5:4 or 4:3. */
const ASPECT = 4 / 3;
const BAR_PX = 40;

/** How many columns let the pictures of `count` streams be largest in a box. At least 1. */
export function wallColumns(count: number, { width, height }: Size): number {
  const candidates = Array.from({ length: Math.max(1, count) }, (_, at) => at + 1);
  const pictureWidth = (columns: number): number => {
    const rows = Math.ceil(count / columns);
    return Math.min(width / columns, Math.max(1, height / rows - BAR_PX) * ASPECT);
  };
  return candidates.reduce((best, columns) => (pictureWidth(columns) > pictureWidth(best) ? columns : best));
}

/** How wide the pictures of a wall of `count` streams have to be: the least step that fills a tile, in the pixels of the screen; null: as captured. */
export function wallWidth(count: number, wall: Size, pixelRatio: number): number | null {
  const tile = (wall.width / wallColumns(count, wall)) * pixelRatio;
  return widthSteps.find((step) => step >= tile) ?? null;
}
