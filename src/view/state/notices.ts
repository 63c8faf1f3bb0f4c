/** Something was wrong and was left out. Notices of one kind are shown as one, with their count. */
export interface Notice {
  readonly kind: string;
  /** Of the latest. */
  readonly text: string;
  readonly count: number;
  /** Server's clock. */
  readonly at: number;
}

const KEPT = 8;
const LONGEST = 160;

/** Adds a notice, newest first. Only the latest kinds are kept, and long texts are cut. */
export function addNotice(notices: readonly Notice[], kind: string, text: string, at: number): readonly Notice[] {
  const before = notices.find((notice) => notice.kind === kind);
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return [{ kind, text: short, count: (before?.count ?? 0) + 1, at }, ...notices.filter((notice) => notice !== before)].slice(0, KEPT);
}

export function dismissNotice(notices: readonly Notice[], kind: string): readonly Notice[] {
  return notices.filter((notice) => notice.kind !== kind);
}

const OLD_MS = 10 * 60_000;

/** Those of the last ten minutes, for screens where nobody can dismiss them. */
export function recentNotices(notices: readonly Notice[], now: number): readonly Notice[] {
  return notices.filter(({ at }) => now - at < OLD_MS);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Larger than any captured monitor; more may not fit a browser's memory. */
const MAX_SIDE = 8192;

/** Why a picture of this size cannot be shown; null when it can. */
export function pictureFault({ width, height }: Size): string | null {
  const fits = [width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE);
  return fits ? null : `A picture of ${width} × ${height} pixels: expected 1 to ${MAX_SIDE} each way`;
}

/** How the size of a decoded picture differs from the announced one; null when it does not. */
export function sizeFault(announced: Size, decoded: Size): string | null {
  if (announced.width === decoded.width && announced.height === decoded.height) return null;
  return `A picture of ${decoded.width} × ${decoded.height} pixels: announced were ${announced.width} × ${announced.height}`;
}
