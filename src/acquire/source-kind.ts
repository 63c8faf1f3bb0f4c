import type { FfmpegCapabilities } from './ffmpeg-capabilities';
import type { FfmpegInput } from './ffmpeg-input';
import type { SourceTraits } from './source-traits';
import type { OptionReaders, OptionValues } from './uri-options';

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
  readonly shown: string;
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
