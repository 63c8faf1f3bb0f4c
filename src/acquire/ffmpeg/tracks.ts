/** One of several videos of a source. */
export interface Track {
  readonly codec: string;
  /** 0: unknown. */
  readonly width: number;
  readonly height: number;
  /** A cover picture, not a video. */
  readonly still: boolean;
}

/** The videos of a source that has several, and the one that is read, counted from 1. */
export interface Tracks {
  readonly all: readonly Track[];
  readonly taken: number;
}

/** The number, from 1, of the first track with the largest pictures. */
export function largestTrack(all: readonly Track[]): number {
  const pixels = all.map(({ width, height, still }) => (still ? -1 : width * height));
  return 1 + pixels.indexOf(Math.max(...pixels));
}

/** For example: 2 of 2 (1: h264, 160 × 120; 2: h264, 512 × 512) */
export function tracksText({ all, taken }: Tracks): string {
  const size = ({ width, height, still }: Track): string => (still ? 'a cover' : width === 0 ? 'of unknown size' : `${width} × ${height}`);
  return `${taken} of ${all.length} (${all.map((track, i) => `${i + 1}: ${track.codec}, ${size(track)}`).join('; ')})`;
}
