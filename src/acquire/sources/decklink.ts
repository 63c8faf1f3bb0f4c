import { lowDelay } from '../ffmpeg/input';
import { captured, type SourceKind } from '../source-kind';
import { type DeviceOptions, deviceOptions, formatAs } from './capture-card';
import { sourceName } from './paths';

/** A card of Blackmagic, for an ffmpeg that was built with it. Its format code says size and rate, too. */
export interface DecklinkSpec extends DeviceOptions {
  readonly kind: 'decklink';
  readonly device: string;
}

export const decklink: SourceKind<typeof deviceOptions, DecklinkSpec> = {
  options: deviceOptions,
  parse: ({ rest }, { size, rate, format }) => ({ kind: 'decklink', device: sourceName('decklink', rest), size, rate, format }),
  traits: () => captured,
  opening: (spec) => ({
    by: 'ffmpeg',
    input: () => ({ options: [...lowDelay, '-f', 'decklink', ...formatAs('-format_code', spec)], input: spec.device }),
  }),
};
