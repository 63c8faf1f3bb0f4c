import type { Patience } from './connection/stall-watch';
import type { FfmpegCapabilities } from './ffmpeg/capabilities';
import type { FfmpegInput, Hwaccel } from './ffmpeg/input';
import { type OptionReaders, type OptionValues, SourceUriError } from './uri-options';

/** Everything that defines a kind of source. Each has a file in `sources/`. */
export interface SourceKind<Readers extends OptionReaders = OptionReaders, Spec = unknown> {
  /** Its options, besides those of every source. */
  readonly options: Readers;
  /** Throws a SourceUriError. */
  parse(place: Place, options: OptionValues<Readers>): Spec;
  traits(spec: Spec): SourceTraits;
  opening(spec: Spec): Opening;
}

/** A source URI without its options. */
export interface Place {
  readonly uri: string;
  /** In lower case; undefined: a bare path. */
  readonly scheme: string | undefined;
  /** What follows the scheme and its colon. */
  readonly rest: string;
  /** The URI without credentials. */
  readonly displayUri: string;
}

/** How a source is opened. */
export type Opening =
  /** ffmpeg reads it. */
  | { readonly by: 'ffmpeg'; readonly input: (can: FfmpegCapabilities) => FfmpegInput }
  /** The simulated suite sends its pictures to `feedUrl`, where ffmpeg listens. */
  | {
      readonly by: 'phantom';
      readonly seed: number;
      readonly rate: number;
      readonly input: (can: FfmpegCapabilities, feedUrl: string) => FfmpegInput;
    };

/** What the program needs to know of any source. */
export interface SourceTraits {
  /** It shows a monitor as it is now: a late picture is not live, and the latency from the glass can be measured. */
  readonly live: boolean;
  /** The timestamps of its pictures tell when they were shown. */
  readonly ownTimestamps: boolean;
  /** It is played no faster than it was recorded. */
  readonly paced: boolean;
  /** Its frames are dated by their own timestamps alone, as in a recording that is read faster than real time. */
  readonly ownClock: boolean;
  /** What its end means: a loss, after which it is reopened; the end of the stream; or that it starts over. */
  readonly end: 'lost' | 'over' | 'again';
  readonly patience: Patience;
  /** What decodes it at first; see `hardwareFirst`. */
  readonly hwaccel: Hwaccel;
  /** Its network address, with credentials; null: it is on this machine. */
  readonly url: string | null;
  /** The server that must be listening; null: none. */
  readonly server: { readonly host: string; readonly port: number } | null;
  /** The file that must exist; null: none. */
  readonly file: string | null;
}

/** Traits of a monitor that is captured live. */
export const captureTraits: SourceTraits = {
  live: true,
  ownTimestamps: true,
  paced: false,
  ownClock: false,
  end: 'lost',
  // Some encoders send still pictures at 0.5 Hz; they do not count as silent.
  patience: { beforeOpenMs: 12_000, unknownRateMs: 10_000, noticeMs: 600, giveUpMs: 2500 },
  hwaccel: 'none',
  url: null,
  server: null,
  file: null,
};

/** The path or device name after a scheme, with `%23` for `#`. Throws a SourceUriError if it is empty. */
export function sourceName(scheme: string, rest: string): string {
  if (rest === '') throw new SourceUriError('source', `${scheme}: followed by a name`, 'nothing');
  return rest.replace(/%23/g, '#');
}
