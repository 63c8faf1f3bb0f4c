import type { Luma } from './acquire/pixels/luma';

/** Pixels x right, y down, from the top left of the picture they are counted in. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where an X-ray image lies in the captured picture, as it was found. */
export interface ImageArea {
  readonly area: Rect;
  /** Several exposures agree. Until then a better place may be found. */
  readonly settled: boolean;
  /** All places where an X-ray image lies, the one that is used among them: two, where there are two planes. None where the area is given, but for one that is still. */
  readonly planes: readonly Rect[];
  /** Where an X-ray image lies beside the area that has not made a plane yet, because the area is given or too few exposures tell of it; absent: nowhere. */
  readonly others?: readonly Rect[];
  /** What somebody should know or decide about it, in words; null: nothing. */
  readonly hint: string | null;
  /** It is given, and nothing moves in it while an X-ray image elsewhere, the first of `planes`, does. */
  readonly still: boolean;
}

/** Memory that is lent: as long as somebody holds it, it stays as it is. */
export interface Loan {
  /** One more holder, who will `release` it. */
  hold(): void;
  release(): void;
}

/**
 * One captured picture, as it left `acquire`. Nobody writes to `pixels` after it was emitted. Pixels on loan are given back when those who were handed the frame return: whoever
 * wants them for longer holds them.
 *
 * Times everywhere: milliseconds since the Unix epoch as floats, from one monotonic clock anchored at start.
 */
export interface Frame {
  /** The stream's id. */
  readonly stream: string;
  /** Counts the captured frames of the stream from 0; never resets, not even by a reconnect, unless the stream is given another source. */
  readonly index: number;
  /**
   * When the glass showed it: the arrival of its last byte, less what it is behind the most punctual one of its connection by the source's own times, and less
   * the `captureLatencyMs` of its source. A recording read at `rate=max` is dated by its own clock. Never runs backwards.
   */
  readonly capturedAt: number;
  readonly width: number;
  readonly height: number;
  /** Width of a captured pixel over its height, FFmpeg's sample aspect ratio; absent: 1, pixels are square. */
  readonly pixelAspect?: number | undefined;
  /** width × height grey values in full range, row by row. */
  readonly pixels: Uint8Array;
  /** Who looks after the pixels' memory; absent: it is the frame's own. */
  readonly loan?: Loan;
  /** The same pixels as they were captured, to be computed on without turning them into full range; absent: there is nothing to save. */
  readonly luma?: Luma;
  /** Copies pixels that are on loan into memory of the frame's own, for good. */
  readonly keep?: () => void;
  /** Where the X-ray image lies in the picture, as far as known when the frame was captured. */
  readonly imageArea: Rect;
  /** Where other X-ray images lie, or may lie, in the picture: the other plane of two; absent: none is known. */
  readonly otherImages?: readonly Rect[] | undefined;
}

/** A frame without its pixels. */
export type FrameFacts = Omit<Frame, 'pixels' | 'luma' | 'loan' | 'keep'>;

/** Width and height of an analysis image, the size the paper's networks see (section 2.4). */
export const ANALYSIS_SIZE = 256;

/** ANALYSIS_SIZE² grey values of an image area, area-averaged; backed by a SharedArrayBuffer, so that a worker reads it without a copy. */
export type AnalysisImage = Uint8Array<SharedArrayBuffer>;

/** One X-ray exposure, represented by the first captured frame that shows all of it. */
export interface Acquisition {
  readonly frame: Frame;
  /** When it was known to be new. */
  readonly acquiredAt: number;
  readonly analysis: AnalysisImage;
}

/** An acquisition that has its place in a run. */
export interface RunAcquisition extends Acquisition {
  /** The run's id, unique for the life of the server and across streams. */
  readonly run: string;
  /** The index of the acquisition within its run, from 0. */
  readonly number: number;
}

export const sameRect = (a: Rect, b: Rect): boolean => a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

/** Whether two pictures are of one size, with the image area at one place: only then can what they show be compared. */
export const sameGeometry = ({ frame: a }: { readonly frame: Place }, { frame: b }: { readonly frame: Place }): boolean =>
  a.width === b.width && a.height === b.height && sameRect(a.imageArea, b.imageArea);

type Place = Pick<Frame, 'width' | 'height' | 'imageArea'>;

/** A picture's size and the shape of its pixels. */
export type Shape = Pick<Frame, 'width' | 'height' | 'pixelAspect'>;

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.width === b.width && a.height === b.height && (a.pixelAspect ?? 1) === (b.pixelAspect ?? 1);

/** Size of a picture whose pixels are made square again: none is lost, for the shorter side of a pixel is drawn out. */
export function squared({ width, height, pixelAspect = 1 }: Shape): { readonly width: number; readonly height: number } {
  return pixelAspect >= 1 ? { width: Math.round(width * pixelAspect), height } : { width, height: Math.round(height / pixelAspect) };
}
