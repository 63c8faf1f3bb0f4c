import type { Rect } from '../frame';
import type { AvfoundationSpec, DecklinkSpec, DshowSpec, V4l2Spec, X11grabSpec } from './sources/device';
import type { FileSpec } from './sources/file';
import type { PhantomSpec } from './sources/phantom';
import type { RtspSpec } from './sources/rtsp';
import type { RtspListenSpec } from './sources/rtsp-listen';

/** Options of every kind of source; null: not given. */
export interface CommonOptions {
  readonly id: string | null;
  readonly name: string | null;
  /** Where the X-ray image lies in the captured picture; `auto`: find it. */
  readonly imageArea: Rect | 'auto';
  /** Which of two planes that `auto` finds: 1 the left or upper one, 2 the other; null: the larger. */
  readonly plane: number | null;
  /**
   * How vessels look in the captured picture. Frames always have dark vessels: bright ones are inverted on the way in.
   */
  readonly polarity: 'dark-vessels' | 'bright-vessels';
  /** Height of one captured pixel in the patient, in mm; its width is `pixelAspect` times that. */
  readonly pixelSpacingMm: number | null;
  /**
   * From the glass to the arrival of a picture's last byte, as `probe --calibrate` measures it. 0: unknown; times count
   * from the arrival.
   */
  readonly captureLatencyMs: number;
  /** Whether the pictures' own times tell which came late; `ignore` where they do not keep pace with the clock. */
  readonly timestamps: 'trust' | 'ignore';
  /** Which of several videos, counted from 1; null: the one with the largest pictures. */
  readonly track: number | null;
  /** Whether pictures marked as interlaced are deinterlaced. */
  readonly deinterlace: 'auto' | 'none';
  /**
   * Regions of the captured picture, such as burned-in patient text, that are blanked before anything else is done with
   * it.
   */
  readonly redact: readonly Rect[];
}

/** The options of a source that gives none. */
export const defaultOptions: CommonOptions = {
  ...{ id: null, name: null, imageArea: 'auto', plane: null, polarity: 'dark-vessels', pixelSpacingMm: null },
  ...{ captureLatencyMs: 0, timestamps: 'trust', track: null, deinterlace: 'auto', redact: [] },
};

/** A feed with more latency guides nobody; a larger number is a mistake. */
export const MOST_CAPTURE_LATENCY_MS = 2000;

/** What is specific to each kind of source. */
export type KindSpec =
  RtspSpec | RtspListenSpec | V4l2Spec | DecklinkSpec | DshowSpec | AvfoundationSpec | X11grabSpec | FileSpec | PhantomSpec;

/** A source, as parsed by `parseSource`. Holds credentials: show only `displayUri`. */
export type SourceSpec = CommonOptions &
  KindSpec & {
    /** The URI without options and credentials, safe for logs and screens. */
    readonly displayUri: string;
  };
