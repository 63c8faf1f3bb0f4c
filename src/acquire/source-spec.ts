import type { Rect } from '../frame';
import type { AvfoundationSpec, DecklinkSpec, DshowSpec, V4l2Spec, X11grabSpec } from './sources/device';
import type { FileSpec } from './sources/file';
import type { PhantomSpec } from './sources/phantom';
import type { RtspSpec } from './sources/rtsp';
import type { RtspListenSpec } from './sources/rtsp-listen';

/** What every source may be told, whatever its kind; null: not said. */
export interface CommonOptions {
  readonly id: string | null;
  readonly name: string | null;
  /** Where the X-ray image lies in the captured picture; `auto`: to be found. */
  readonly imageArea: Rect | 'auto';
  /** Which of two planes that `auto` finds, 1 the left or upper one, 2 the other; null: the larger. */
  readonly plane: number | null;
  /** How vessels show in the captured picture. Frames always have dark vessels: a bright-vessel picture is inverted on its way in. */
  readonly polarity: 'dark-vessels' | 'bright-vessels';
  /** Height of one captured pixel in the patient, in mm; where pixels are not square, they are `pixelAspect` times as wide. */
  readonly pixelSpacingMm: number | null;
  /** How long a picture takes from the glass to its last byte arriving here, as `probe --calibrate` measures it; 0: unknown, times count from the arrival. */
  readonly captureLatencyMs: number;
  /** Whether the pictures' own times tell that one comes late; `ignore` where they do not keep pace with the clock. */
  readonly timestamps: 'trust' | 'ignore';
  /** Which of several videos, counted from 1; null: the one with the largest pictures. */
  readonly track: number | null;
  /** Whether pictures that are marked as two fields are made pictures of one moment. */
  readonly deinterlace: 'auto' | 'none';
  /** Places of the captured picture, burned-in text of patients perhaps, that are blanked before anything else is done with it. */
  readonly redact: readonly Rect[];
}

/** What a source is taken for that nothing was said of. */
export const defaultOptions: CommonOptions = {
  ...{ id: null, name: null, imageArea: 'auto', plane: null, polarity: 'dark-vessels', pixelSpacingMm: null },
  ...{ captureLatencyMs: 0, timestamps: 'trust', track: null, deinterlace: 'auto', redact: [] },
};

/** A feed that is later than this guides nobody; a larger number is a mistake. */
export const MOST_CAPTURE_LATENCY_MS = 2000;

/** What a source of its kind is told. */
export type KindSpec =
  RtspSpec | RtspListenSpec | V4l2Spec | DecklinkSpec | DshowSpec | AvfoundationSpec | X11grabSpec | FileSpec | PhantomSpec;

/** One place that frames can come from, as `parseSource` understands it. Holds credentials: show only `shown`. */
export type SourceSpec = CommonOptions &
  KindSpec & {
    /** The URI without options and credentials, fit for logs and screens. */
    readonly displayUri: string;
  };
