import type { Luma } from './acquire/pixels/luma';

/** In pixels of the picture it lies in: x right, y down, from the top left. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the X-ray image was found in the captured picture. */
export interface ImageArea {
  readonly area: Rect;
  /** Several exposures agree; until then it may still move. */
  readonly settled: boolean;
  /**
   * Everywhere an X-ray image lies, including `area`: two where there are two planes. Empty where the area was
   * configured, unless it is `still`.
   */
  readonly planes: readonly Rect[];
  /**
   * Other X-ray images that do not count as planes, because the area was configured or too few exposures showed them;
   * absent: none.
   */
  readonly others?: readonly Rect[];
  /** Advice for whoever configures the stream; null: none. */
  readonly hint: string | null;
  /** It was configured, and nothing moves in it while the first of `planes` does. */
  readonly still: boolean;
}

/** Shared memory that is not reused while anyone holds it. */
export interface Loan {
  /** Adds a holder, who must `release` it. */
  hold(): void;
  release(): void;
}

/**
 * One captured picture, as it left `acquire`. Its pixels are never written again after it is emitted. Pixels on loan
 * are released when the synchronous handlers of the frame return; whoever needs them longer must `hold` them.
 *
 * All times are milliseconds since the Unix epoch, as floats, from one monotonic clock anchored at start.
 */
export interface Frame {
  readonly stream: string;
  /** Captured frames of the stream before this one; a reconnect does not reset it, another source does. */
  readonly index: number;
  /**
   * When the glass showed it: arrival of its last byte, less its delay against the most punctual picture of the
   * connection (by the source's own timestamps), less the source's `captureLatencyMs`. A recording read at `rate=max`
   * is dated by its own clock. Never runs backwards.
   */
  readonly capturedAt: number;
  readonly width: number;
  readonly height: number;
  /** Width of a captured pixel over its height (FFmpeg's sample aspect ratio); absent: 1. */
  readonly pixelAspect?: number | undefined;
  /** width × height full-range grey values, row by row. */
  readonly pixels: Uint8Array;
  /** Of the pixels' memory; absent: the frame owns it. */
  readonly loan?: Loan;
  /** The same pixels as captured, which spares converting them to full range; absent: they need no conversion. */
  readonly luma?: Luma;
  /** Copies pixels on loan into memory that the frame owns. */
  readonly keep?: () => void;
  /** Where the X-ray image lies, as far as known at capture. */
  readonly imageArea: Rect;
  /** Where other X-ray images lie or may lie, such as the second plane; absent: none known. */
  readonly otherImages?: readonly Rect[] | undefined;
}

/** A frame without its pixels. */
export type FrameFacts = Omit<Frame, 'pixels' | 'luma' | 'loan' | 'keep'>;

/** Width and height of an analysis image: the input size of the paper's networks (section 2.4). */
export const ANALYSIS_SIZE = 256;

/** ANALYSIS_SIZE² area-averaged grey values of an image area; shared, so that a worker reads them without a copy. */
export type AnalysisImage = Uint8Array<SharedArrayBuffer>;

/** One X-ray exposure, represented by the first captured frame that shows all of it. */
export interface Acquisition {
  readonly frame: Frame;
  /** When it was recognised as new. */
  readonly acquiredAt: number;
  readonly analysis: AnalysisImage;
}

/** An acquisition and its place in a run. */
export interface RunAcquisition extends Acquisition {
  /** The run's id, unique across streams for the life of the server. */
  readonly run: string;
  /** Index within the run, from 0. */
  readonly number: number;
}

export const sameRect = (a: Rect, b: Rect): boolean => a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

/** Whether two pictures have the same size and image area: only then can their content be compared. */
export const sameGeometry = ({ frame: a }: { readonly frame: Place }, { frame: b }: { readonly frame: Place }): boolean =>
  a.width === b.width && a.height === b.height && sameRect(a.imageArea, b.imageArea);

type Place = Pick<Frame, 'width' | 'height' | 'imageArea'>;

/** A picture's size and the shape of its pixels. */
export type Shape = Pick<Frame, 'width' | 'height' | 'pixelAspect'>;

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.width === b.width && a.height === b.height && (a.pixelAspect ?? 1) === (b.pixelAspect ?? 1);

/** Size of the picture with square pixels: the shorter side of a pixel is stretched, so that none is lost. */
export function squared({ width, height, pixelAspect = 1 }: Shape): { readonly width: number; readonly height: number } {
  return pixelAspect >= 1 ? { width: Math.round(width * pixelAspect), height } : { width, height: Math.round(height / pixelAspect) };
}
