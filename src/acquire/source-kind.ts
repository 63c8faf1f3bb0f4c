import type { Patience } from './connection/stall-watch';
import type { FfmpegCapabilities } from './ffmpeg/capabilities';
import type { FfmpegInput, Hwaccel } from './ffmpeg/input';
import { type OptionReaders, type OptionValues, SourceUriError } from './uri-options';

/** All there is to say of one kind of source. Each kind has a file in `sources/`. */
export interface SourceKind<Readers extends OptionReaders = OptionReaders, Spec = unknown> {
  /** What it may be told, beside what every source may be told. */
  readonly options: Readers;
  /** Throws a SourceUriError. */
  parse(place: Place, options: OptionValues<Readers>): Spec;
  traits(spec: Spec): SourceTraits;
  opening(spec: Spec): Opening;
}

/** A source URI without its options. */
export interface Place {
  readonly uri: string;
  /** In small letters; undefined: a bare path. */
  readonly scheme: string | undefined;
  /** What stands behind the scheme and its colon. */
  readonly rest: string;
  /** The URI without credentials. */
  readonly displayUri: string;
}

/** How the pictures of a source are come by. */
export type Opening =
  /** ffmpeg reads them. */
  | { readonly by: 'ffmpeg'; readonly input: (can: FfmpegCapabilities) => FfmpegInput }
  /** The simulated suite sends them to `feedUrl`, where ffmpeg listens. */
  | {
      readonly by: 'phantom';
      readonly seed: number;
      readonly rate: number;
      readonly input: (can: FfmpegCapabilities, feedUrl: string) => FfmpegInput;
    };

/** What the program must know of a source, whatever its kind. */
export interface SourceTraits {
  /** It shows a monitor as it is now: a picture that comes late is not live, and how far the glass is can be measured. */
  readonly live: boolean;
  /** The times its pictures carry tell when it showed them. */
  readonly ownTimestamps: boolean;
  /** It is read no faster than it was made. */
  readonly paced: boolean;
  /** Its frames are dated by those times alone, as a recording is that is read faster than it was made. */
  readonly ownClock: boolean;
  /** What its end means: a loss, after which it is tried again; that nothing more comes; or that it begins again. */
  readonly end: 'lost' | 'over' | 'again';
  readonly patience: Patience;
  /** What decodes it first; see `hardwareFirst`. */
  readonly hwaccel: Hwaccel;
  /** Where in the network it is read from, with credentials; null: on this machine. */
  readonly url: string | null;
  /** The server that must be listening for it; null: none. */
  readonly server: { readonly host: string; readonly port: number } | null;
  /** The file that must be there; null: none. */
  readonly file: string | null;
}

/** Those of a monitor that this machine captures. */
export const captureTraits: SourceTraits = {
  live: true,
  ownTimestamps: true,
  paced: false,
  ownClock: false,
  end: 'lost',
  // One that shows still pictures at 0.5 Hz, as some encoders do, is not silent yet.
  patience: { beforeOpenMs: 12_000, unknownRateMs: 10_000, noticeMs: 600, giveUpMs: 2500 },
  hwaccel: 'none',
  url: null,
  server: null,
  file: null,
};

/** The path or the device name behind a scheme, where `%23` stands for `#`. Throws a SourceUriError when there is none. */
export function sourceName(scheme: string, rest: string): string {
  if (rest === '') throw new SourceUriError('source', `${scheme}: followed by a name`, 'nothing');
  return rest.replace(/%23/g, '#');
}
