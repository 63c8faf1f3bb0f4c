import { redactUri } from './redact-uri';
import { type CommonOptions, MOST_CAPTURE_LATENCY_MS, type SourceSpec, unsaid } from './source-spec';
import type { OptionReader } from './uri-options';
import {
  area,
  identifier,
  oneOf,
  positiveNumber,
  readOptions,
  rectangles,
  size,
  SourceUriError,
  text,
  upTo,
  wholeNumber,
  yesNo,
} from './uri-options';

const common = {
  id: identifier,
  name: text,
  imageArea: area,
  polarity: oneOf('dark-vessels', 'bright-vessels'),
  pixelSpacingMm: positiveNumber,
  captureLatencyMs: upTo(MOST_CAPTURE_LATENCY_MS),
  timestamps: oneOf('trust', 'ignore'),
  redact: rectangles,
};
const device = { size, rate: positiveNumber, format: identifier };

const schemes = 'rtsp, rtsps, rtsp-listen, v4l2, decklink, dshow, avfoundation, x11grab, file, phantom';

/**
 * What a source URI says (CONTRACT, "Source URIs"). Our options stand after the first `#` and never reach the source; a `#` that belongs to a path or a
 * device name is written `%23`. A text without a scheme is the path of a recording. Throws a SourceUriError.
 */
export function parseSource(uri: string): SourceSpec {
  if (/[\p{Cc}\u2028\u2029]/u.test(uri)) throw new SourceUriError('source', 'no control characters', `"${redactUri(uri)}"`);
  const hash = uri.indexOf('#');
  const source = hash < 0 ? uri : uri.slice(0, hash);
  const fragment = hash < 0 ? '' : uri.slice(hash + 1);
  const scheme = /^([a-z][a-z0-9+-]+):/i.exec(source)?.[1]?.toLowerCase();
  const rest = source.slice(scheme === undefined ? 0 : scheme.length + 1);
  const shown = redactUri(source);

  switch (scheme) {
    case 'rtsp':
    case 'rtsps': {
      const options = read(fragment, { transport: oneOf('tcp', 'udp') });
      return { kind: 'rtsp', url: rtspUrl(source), transport: options.transport ?? 'tcp', shown, ...sharedBy(options) };
    }
    case 'rtsp-listen':
      return { kind: 'rtsp-listen', url: rtspUrl(`rtsp:${rest}`), shown, ...sharedBy(read(fragment, {})) };
    case 'v4l2':
    case 'decklink':
    case 'dshow':
    case 'avfoundation': {
      const options = read(fragment, device);
      return { kind: scheme, device: named(scheme, rest), ...asked(options), shown, ...sharedBy(options) };
    }
    case 'x11grab': {
      const options = read(fragment, device);
      return { kind: 'x11grab', display: named(scheme, rest), ...asked(options), shown, ...sharedBy(options) };
    }
    case 'phantom': {
      const options = read(fragment, { seed: wholeNumber, rate: positiveNumber });
      if (rest !== '') throw new SourceUriError('source', 'phantom: followed by nothing but #options', `"${shown}"`);
      return { kind: 'phantom', seed: options.seed ?? 1, rate: options.rate ?? 4, shown, ...sharedBy(options) };
    }
    case undefined:
    case 'file': {
      const options = read(fragment, { rate: oneOf('source', 'max'), repeat: yesNo });
      const path = named('file', scheme === 'file' ? rest.replace(/^\/\/(?=\/)/, '') : rest);
      return { kind: 'file', path, rate: options.rate ?? 'source', repeat: options.repeat ?? false, shown, ...sharedBy(options) };
    }
    case 'dicom':
      throw new SourceUriError('source', `one of ${schemes}`, 'dicom: (not supported yet)');
    default:
      throw new SourceUriError('source', `one of ${schemes} (a path with a colon in it: file:PATH)`, `"${shown}"`);
  }
}

function read<R extends Record<string, OptionReader<unknown>>>(fragment: string, own: R) {
  return readOptions<R & typeof common>(fragment, { ...own, ...common });
}

function sharedBy(options: { readonly [K in keyof CommonOptions]: CommonOptions[K] | null }): CommonOptions {
  const { id, name, pixelSpacingMm } = options;
  return {
    ...{ id, name, pixelSpacingMm },
    imageArea: options.imageArea ?? unsaid.imageArea,
    polarity: options.polarity ?? unsaid.polarity,
    captureLatencyMs: options.captureLatencyMs ?? unsaid.captureLatencyMs,
    timestamps: options.timestamps ?? unsaid.timestamps,
    redact: options.redact ?? unsaid.redact,
  };
}

function asked<T extends { size: unknown; rate: unknown; format: unknown }>({
  size,
  rate,
  format,
}: T): Pick<T, 'size' | 'rate' | 'format'> {
  return { size, rate, format };
}

function named(scheme: string, name: string): string {
  if (name === '') throw new SourceUriError('source', `${scheme}: followed by a name`, 'nothing');
  return name.replace(/%23/g, '#');
}

function rtspUrl(url: string): string {
  if (!/^rtsps?:\/\/([^\s/?]*@)?(\[[0-9a-f:.]+\]|[^\s/?:@[\]]+)(:\d{1,5})?([/?]\S*)?$/i.test(url)) {
    throw new SourceUriError('source', 'rtsp://host:port/path (special characters in a password percent-encoded)', `"${redactUri(url)}"`);
  }
  return url;
}
