import { widthSteps } from '../../protocol/picture-widths';
import { wallColumns } from './wall-grid';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How wide the pictures of a wall of `count` streams have to be: the least step that fills a tile, in the pixels of the screen; null: as captured. */
export function wallWidth(count: number, wall: Size, pixelRatio: number): number | null {
  const tile = (wall.width / wallColumns(count, wall)) * pixelRatio;
  return widthSteps.find((step) => step >= tile) ?? null;
}
