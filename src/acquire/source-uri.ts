import { redactUri } from '../core/log-text';
import type { SourceKind } from './source-kind';
import { sourceKinds } from './source-kinds';
import { type CommonOptions, MOST_CAPTURE_LATENCY_MS, type KindSpec, type SourceSpec, defaultOptions } from './source-spec';
import {
  area,
  identifier,
  oneOf,
  planeNumber,
  type OptionReaders,
  positiveNumber,
  readOptions,
  rectangles,
  SourceUriError,
  text,
  trackNumber,
  upTo,
} from './uri-options';

const common = {
  id: identifier,
  name: text,
  imageArea: area,
  plane: planeNumber,
  polarity: oneOf('dark-vessels', 'bright-vessels'),
  pixelSpacingMm: positiveNumber,
  captureLatencyMs: upTo(MOST_CAPTURE_LATENCY_MS),
  timestamps: oneOf('trust', 'ignore'),
  track: trackNumber,
  deinterlace: oneOf('auto', 'none'),
  redact: rectangles,
};

const schemes = Object.keys(sourceKinds).join(', ');

/**
 * Parses a source URI (docs/sources.md). Our options follow the first `#` and never reach the source; a `#` in a path
 * or device name is written `%23`. Without a scheme it is the path of a recording. Throws a SourceUriError.
 */
export function parseSource(uri: string): SourceSpec {
  if (/[\p{Cc}\u2028\u2029]/u.test(uri)) throw new SourceUriError('source', 'no control characters', 'some');
  const hash = uri.indexOf('#');
  const source = hash < 0 ? uri : uri.slice(0, hash);
  const fragment = hash < 0 ? '' : uri.slice(hash + 1);
  const scheme = /^([a-z][a-z0-9+-]+):/i.exec(source)?.[1]?.toLowerCase();
  const rest = source.slice(scheme === undefined ? 0 : scheme.length + 1);
  const displayUri = redactUri(source);
  const kind = kindOfScheme(scheme ?? 'file');
  if (isAddress(source) && fragment.includes('@'))
    throw new SourceUriError('source', '"#" in a password written as %23, and "@" behind the "#" of the options as %40', '"@" behind "#"');
  const options = readOptions<OptionReaders & typeof common>(fragment, { ...kind.options, ...common });
  return { ...kind.parse({ uri: source, scheme, rest, displayUri }, options), displayUri, ...toCommonOptions(options) };
}

/** Whether a source names a server, perhaps with credentials. */
const isAddress = (source: string): boolean => /^[a-z][a-z0-9+-]+:\/\//i.test(source) && !/^file:/i.test(source);

function kindOfScheme(scheme: string): SourceKind<OptionReaders, KindSpec> {
  if (isKnown(scheme)) return sourceKinds[scheme];
  if (scheme === 'dicom') throw new SourceUriError('source', `one of ${schemes}`, 'dicom: (not supported yet)');
  throw new SourceUriError('source', `one of ${schemes} (a path with a colon in it: file:PATH)`, `"${scheme}:"`);
}

const isKnown = (scheme: string): scheme is keyof typeof sourceKinds => Object.hasOwn(sourceKinds, scheme);

function toCommonOptions(options: { readonly [K in keyof CommonOptions]: CommonOptions[K] | null }): CommonOptions {
  const { id, name, pixelSpacingMm, track } = options;
  return {
    ...{ id, name, pixelSpacingMm, track },
    imageArea: options.imageArea ?? defaultOptions.imageArea,
    plane: options.plane,
    polarity: options.polarity ?? defaultOptions.polarity,
    captureLatencyMs: options.captureLatencyMs ?? defaultOptions.captureLatencyMs,
    timestamps: options.timestamps ?? defaultOptions.timestamps,
    deinterlace: options.deinterlace ?? defaultOptions.deinterlace,
    redact: options.redact ?? defaultOptions.redact,
  };
}
