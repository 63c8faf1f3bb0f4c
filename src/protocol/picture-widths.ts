/** What a screen may wish that pictures are wide at most. */
export const leastWidth = 64;
export const mostWidth = 8192;

/**
 * The widths a picture is made smaller to: few, so that a hundred screens with a hundred wishes do not cause a hundred encodings of each picture. The least
 * is the least that can be wished.
 */
export const widthSteps = [leastWidth, 160, 320, 480, 640, 960, 1280, 1920, 2560, 3840] as const;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How wide a picture is encoded for who wants it at most `maxWidth` wide: as captured where it is no wider, else as wide as the largest step that fits. */
export function encodedWidth(captured: number, maxWidth: number | null): number {
  if (maxWidth === null || captured <= maxWidth) return captured;
  return widthSteps.findLast((step) => step <= maxWidth) ?? leastWidth;
}

/** The size of a picture that is encoded so wide: its shape is kept, to half a pixel. */
export function encodedSize({ width, height }: Size, wide: number): Size {
  return { width: wide, height: Math.max(1, Math.round((height * wide) / width)) };
}

/** What a size is called in metrics: `full`, or the width. */
export function sizeName(captured: number, wide: number): string {
  return wide === captured ? 'full' : String(wide);
}
