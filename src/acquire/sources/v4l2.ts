import { type DeviceOptions, deviceOptions, formatAs, sizeAndRate } from '../device-options';
import { lowDelay } from '../ffmpeg-input';
import { type Hwaccel, hwaccelOption } from '../hwaccel';
import type { SourceKind } from '../source-kind';
import { sourceName } from '../source-name';
import { captured } from '../source-traits';

/** A capture card on Linux. */
export interface V4l2Spec extends DeviceOptions {
  readonly kind: 'v4l2';
  readonly device: string;
  /** For cards that compress (MJPEG, H.264). */
  readonly hwaccel: Hwaccel;
}

const options = { ...deviceOptions, ...hwaccelOption };

export const v4l2: SourceKind<typeof options, V4l2Spec> = {
  options,
  parse: ({ rest }, { size, rate, format, hwaccel }) => ({
    kind: 'v4l2',
    device: sourceName('v4l2', rest),
    size,
    rate,
    format,
    hwaccel: hwaccel ?? 'none',
  }),
  traits: ({ hwaccel }) => ({ ...captured, hwaccel }),
  opening: (spec) => ({
    by: 'ffmpeg',
    input: () => ({ options: [...lowDelay, '-f', 'v4l2', ...formatAs('-input_format', spec), ...sizeAndRate(spec)], input: spec.device }),
  }),
};
