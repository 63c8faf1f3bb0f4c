import { type DeviceOptions, deviceOptions, formatAs, sizeAndRate } from '../device-options';
import { lowDelay } from '../ffmpeg-input';
import type { SourceKind } from '../source-kind';
import { sourceName } from '../source-name';
import { captured } from '../source-traits';

/** A capture card on Windows. */
export interface DshowSpec extends DeviceOptions {
  readonly kind: 'dshow';
  readonly device: string;
}

export const dshow: SourceKind<typeof deviceOptions, DshowSpec> = {
  options: deviceOptions,
  parse: ({ rest }, { size, rate, format }) => ({ kind: 'dshow', device: sourceName('dshow', rest), size, rate, format }),
  traits: () => captured,
  opening: (spec) => ({
    by: 'ffmpeg',
    input: () => ({
      options: [...lowDelay, '-f', 'dshow', '-rtbufsize', '64M', ...formatAs('-pixel_format', spec), ...sizeAndRate(spec)],
      input: `video=${spec.device}`,
    }),
  }),
};
