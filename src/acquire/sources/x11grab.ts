import { lowDelay } from '../ffmpeg/input';
import { captured, type SourceKind } from '../source-kind';
import { type DeviceOptions, deviceOptions, sizeAndRate } from './capture-card';
import { sourceName } from './paths';

/** A screen of X, or a part of it. */
export interface X11grabSpec extends DeviceOptions {
  readonly kind: 'x11grab';
  readonly display: string;
}

export const x11grab: SourceKind<typeof deviceOptions, X11grabSpec> = {
  options: deviceOptions,
  parse: ({ rest }, { size, rate, format }) => ({ kind: 'x11grab', display: sourceName('x11grab', rest), size, rate, format }),
  traits: () => captured,
  opening: (spec) => ({
    by: 'ffmpeg',
    input: () => ({ options: [...lowDelay, '-f', 'x11grab', '-draw_mouse', '0', ...sizeAndRate(spec)], input: spec.display }),
  }),
};
