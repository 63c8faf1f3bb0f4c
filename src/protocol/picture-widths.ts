/** Bounds of `maxWidth`. */
export const MIN_PICTURE_WIDTH = 64;
export const MAX_PICTURE_WIDTH = 8192;

/** The widths of smaller pictures: few, so that a hundred screens do not cause a hundred encodings of each picture. */
export const PICTURE_WIDTHS = [MIN_PICTURE_WIDTH, 160, 320, 480, 640, 960, 1280, 1920, 2560, 3840] as const;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The width of a picture for a screen's `maxWidth`: as captured where that fits, else the largest step that does. */
export function encodedWidth(captured: number, maxWidth: number | null): number {
  if (maxWidth === null || captured <= maxWidth) return captured;
  return PICTURE_WIDTHS.findLast((step) => step <= maxWidth) ?? MIN_PICTURE_WIDTH;
}

/** The size of a picture that is encoded so wide, in its shape to half a pixel. */
export function encodedSize({ width, height }: Size, wide: number): Size {
  return { width: wide, height: Math.max(1, Math.round((height * wide) / width)) };
}

/** What a size is called in metrics: `full`, or the width. */
export function sizeName(captured: number, wide: number): string {
  return wide === captured ? 'full' : String(wide);
}
