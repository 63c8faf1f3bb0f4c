import { lowDelay } from '../ffmpeg/input';
import { captured, type SourceKind } from '../source-kind';
import { type DeviceOptions, deviceOptions, formatAs, sizeAndRate } from './capture-card';
import { sourceName } from './paths';

/** A capture card on macOS. */
export interface AvfoundationSpec extends DeviceOptions {
  readonly kind: 'avfoundation';
  readonly device: string;
}

export const avfoundation: SourceKind<typeof deviceOptions, AvfoundationSpec> = {
  options: deviceOptions,
  parse: ({ rest }, { size, rate, format }) => ({ kind: 'avfoundation', device: sourceName('avfoundation', rest), size, rate, format }),
  traits: () => captured,
  opening: (spec) => ({
    by: 'ffmpeg',
    input: () => ({
      options: [...lowDelay, '-f', 'avfoundation', ...formatAs('-pixel_format', spec), ...sizeAndRate(spec)],
      input: `${spec.device}:none`,
    }),
  }),
};
