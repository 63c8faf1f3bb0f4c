import { type DeviceOptions, deviceOptions, formatAs, sizeAndRate } from '../device-options';
import { lowDelay } from '../ffmpeg-input';
import { type Hwaccel, hwaccelOption } from '../hwaccel';
import type { SourceKind } from '../source-kind';
import { sourceName } from '../source-name';
import { captured } from '../source-traits';

/** A capture card on Windows. */
export interface DshowSpec extends DeviceOptions {
  readonly kind: 'dshow';
  readonly device: string;
  /** For cards that compress (MJPEG, H.264). */
  readonly hwaccel: Hwaccel;
}

const options = { ...deviceOptions, ...hwaccelOption };

export const dshow: SourceKind<typeof options, DshowSpec> = {
  options,
  parse: ({ rest }, { size, rate, format, hwaccel }) => ({
    kind: 'dshow',
    device: sourceName('dshow', rest),
    size,
    rate,
    format,
    hwaccel: hwaccel ?? 'none',
  }),
  traits: ({ hwaccel }) => ({ ...captured, hwaccel }),
  opening: (spec) => ({
    by: 'ffmpeg',
    input: () => ({
      options: [...lowDelay, '-f', 'dshow', '-rtbufsize', '64M', ...formatAs('-pixel_format', spec), ...sizeAndRate(spec)],
      input: `video=${spec.device}`,
    }),
  }),
};
