interface Size {
  readonly width: number;
  readonly height: number;
}

/** Wider or higher than any monitor that is captured; more than this may not fit a browser's memory. */
const MAX_SIDE = 8192;

/** Why a picture of this size is not shown; null when it is. */
export function pictureFault({ width, height }: Size): string | null {
  const fits = [width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE);
  return fits ? null : `A picture of ${width} × ${height} pixels: expected 1 to ${MAX_SIDE} each way`;
}

/** Why a decoded picture is not the one that was announced; null when it is. */
export function sizeFault(announced: Size, decoded: Size): string | null {
  if (announced.width === decoded.width && announced.height === decoded.height) return null;
  return `A picture of ${decoded.width} × ${decoded.height} pixels: announced were ${announced.width} × ${announced.height}`;
}
