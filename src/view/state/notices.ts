/** Something that was wrong and was left out; the rest went on. Equal kinds are one notice that counts. */
export interface Notice {
  /** Of the same kind is what is wrong in the same way. */
  readonly kind: string;
  /** The latest of them in words. */
  readonly text: string;
  readonly count: number;
  /** Server's clock. */
  readonly at: number;
}

const KEPT = 8;
const LONGEST = 160;

/** The notices after one more, the newest first; only the latest kinds are kept, and long texts are cut. */
export function noticed(notices: readonly Notice[], kind: string, text: string, at: number): readonly Notice[] {
  const before = notices.find((notice) => notice.kind === kind);
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return [{ kind, text: short, count: (before?.count ?? 0) + 1, at }, ...notices.filter((notice) => notice !== before)].slice(0, KEPT);
}

export function dismissed(notices: readonly Notice[], kind: string): readonly Notice[] {
  return notices.filter((notice) => notice.kind !== kind);
}

const OLD_MS = 10 * 60_000;

/** Those of the last ten minutes: where nobody can dismiss them, old ones go by themselves. */
export function recent(notices: readonly Notice[], now: number): readonly Notice[] {
  return notices.filter(({ at }) => now - at < OLD_MS);
}

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
