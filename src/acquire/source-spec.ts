import type { Rect } from '../frame';

/** What every source may be told, whatever its kind; null: not said. */
export interface CommonOptions {
  readonly id: string | null;
  readonly name: string | null;
  /** Where the X-ray image lies in the captured picture; `auto`: to be found. */
  readonly imageArea: Rect | 'auto';
  /** How vessels show in the captured picture. Frames always have dark vessels: a bright-vessel picture is inverted on its way in. */
  readonly polarity: 'dark-vessels' | 'bright-vessels';
  /** Size of one captured pixel in the patient, in mm. */
  readonly pixelSpacingMm: number | null;
  /** How long a picture takes from the glass to its last byte arriving here, as `probe --calibrate` measures it; 0: unknown, times count from the arrival. */
  readonly captureLatencyMs: number;
  /** Whether the pictures' own times tell that one comes late; `ignore` where they do not keep pace with the clock. */
  readonly timestamps: 'trust' | 'ignore';
  /** Places of the captured picture, burned-in text of patients perhaps, that are blanked before anything else is done with it. */
  readonly redact: readonly Rect[];
}

/** What a source is taken for that nothing was said of. */
export const unsaid: CommonOptions = {
  ...{ id: null, name: null, imageArea: 'auto', polarity: 'dark-vessels', pixelSpacingMm: null },
  ...{ captureLatencyMs: 0, timestamps: 'trust', redact: [] },
};

/** A feed that is later than this guides nobody; a larger number is a mistake. */
export const MOST_CAPTURE_LATENCY_MS = 2000;

/** What a capture device may be asked for; null: the device's own choice. */
export interface DeviceOptions {
  readonly size: { readonly width: number; readonly height: number } | null;
  /** Frames per second. */
  readonly rate: number | null;
  /** A pixel format in FFmpeg's words (a DeckLink: its format code). */
  readonly format: string | null;
}

/** A recording as fast as it can be read (`max`), or paced as it was recorded (`source`). */
export type Pace = 'source' | 'max';

/** One place that frames can come from, as `parseSource` understands it. Holds credentials: show only `shown`. */
export type SourceSpec = CommonOptions & {
  /** The URI without options and credentials, fit for logs and screens. */
  readonly shown: string;
} & (
    | { readonly kind: 'rtsp'; readonly url: string; readonly transport: 'tcp' | 'udp' }
    | { readonly kind: 'rtsp-listen'; readonly url: string }
    | ({ readonly kind: 'v4l2'; readonly device: string } & DeviceOptions)
    | ({ readonly kind: 'decklink'; readonly device: string } & DeviceOptions)
    | ({ readonly kind: 'dshow'; readonly device: string } & DeviceOptions)
    | ({ readonly kind: 'avfoundation'; readonly device: string } & DeviceOptions)
    | ({ readonly kind: 'x11grab'; readonly display: string } & DeviceOptions)
    | { readonly kind: 'file'; readonly path: string; readonly rate: Pace; readonly repeat: boolean }
    | { readonly kind: 'phantom'; readonly seed: number; readonly rate: number }
  );
