import { PICTURE_WIDTHS } from '../../protocol/picture-widths';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Monitors in suites are mostly 5:4 or 4:3. */
const ASPECT = 4 / 3;
const CAPTION_PX = 40;

/** The number of columns, at least 1, with which the pictures of `count` streams are largest. */
export function wallColumns(count: number, { width, height }: Size): number {
  const candidates = Array.from({ length: Math.max(1, count) }, (_, at) => at + 1);
  const pictureWidth = (columns: number): number => {
    const rows = Math.ceil(count / columns);
    return Math.min(width / columns, Math.max(1, height / rows - CAPTION_PX) * ASPECT);
  };
  return candidates.reduce((best, columns) => (pictureWidth(columns) > pictureWidth(best) ? columns : best));
}

/** The picture width to request: the smallest step that fills a tile, in device pixels; null: as captured. */
export function wallPictureWidth(count: number, wall: Size, pixelRatio: number): number | null {
  const tile = (wall.width / wallColumns(count, wall)) * pixelRatio;
  return PICTURE_WIDTHS.find((step) => step >= tile) ?? null;
}
