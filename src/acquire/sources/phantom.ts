import { lowDelay, allowOnly } from '../ffmpeg/input';
import { captureTraits, type SourceKind } from '../source-kind';
import { positiveNumber, SourceUriError, wholeNumber } from '../uri-options';

/** The simulated suite. `seed` selects the patients; `rate`: acquisitions per second. */
export interface PhantomSpec {
  readonly kind: 'phantom';
  readonly seed: number;
  readonly rate: number;
}

const options = { seed: wholeNumber, rate: positiveNumber };

export const phantom: SourceKind<typeof options, PhantomSpec> = {
  options,
  parse: ({ rest, displayUri }, { seed, rate }) => {
    if (rest !== '') throw new SourceUriError('source', 'phantom: followed by nothing but #options', `"${displayUri}"`);
    return { kind: 'phantom', seed: seed ?? 1, rate: rate ?? 4 };
  },
  // Its timestamps count pictures, some of which a busy machine leaves out.
  traits: () => ({ ...captureTraits, live: false, ownTimestamps: false }),
  opening: ({ seed, rate }) => ({
    by: 'phantom',
    seed,
    rate,
    input: (_, feedUrl) => ({ options: [...lowDelay, ...allowOnly(['tcp']), '-f', 'mpegts'], input: `${feedUrl}?listen=1` }),
  }),
};
