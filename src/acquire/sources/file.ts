import { type Hwaccel, hwaccelOption, allowOnly } from '../ffmpeg/input';
import { captureTraits, type SourceKind, sourceName } from '../source-kind';
import { oneOf, decodePercent, SourceUriError, yesNo } from '../uri-options';

/** A recording, read as fast as possible (`max`) or paced as recorded (`source`). */
export interface FileSpec {
  readonly kind: 'file';
  readonly path: string;
  readonly rate: 'source' | 'max';
  readonly repeat: boolean;
  readonly hwaccel: Hwaccel;
}

/**
 * Accepted formats, whatever the file name: only those that contain their pictures, no lists of other files or
 * addresses.
 */
const recordings = [
  ...['mov', 'matroska', 'avi', 'mpegts', 'mpeg', 'asf', 'flv', 'ogg', 'nut', 'mxf', 'dv', 'wtv', 'gif', 'dicom'],
  ...['h264', 'hevc', 'm4v', 'mpegvideo', 'mjpeg', 'ivf', 'obu', 'yuv4mpegpipe'],
];

/** The path of a file URL (RFC 8089), percent-decoded; null: it is a plain path. Throws a SourceUriError. */
function pathOfUrl(rest: string): string | null {
  const [, encoded] = /^\/\/(?:localhost)?(\/.*)$/i.exec(rest) ?? [];
  if (encoded === undefined) return null;
  const path = decodePercent(encoded);
  if (/\p{Cc}/u.test(path)) throw new SourceUriError('source', 'no control characters', 'some, percent-encoded');
  return path;
}

const options = { rate: oneOf('source', 'max'), repeat: yesNo, ...hwaccelOption };

export const file: SourceKind<typeof options, FileSpec> = {
  options,
  parse: ({ scheme, rest }, { rate, repeat, hwaccel }) => {
    const path = (scheme === undefined ? null : pathOfUrl(rest)) ?? sourceName('file', rest);
    return { kind: 'file', path, rate: rate ?? 'source', repeat: repeat ?? false, hwaccel: hwaccel ?? 'none' };
  },
  traits: ({ path, rate, repeat, hwaccel }) => ({
    ...captureTraits,
    live: false,
    ownTimestamps: rate === 'source',
    paced: rate === 'source',
    ownClock: rate === 'max',
    end: repeat ? 'again' : 'over',
    patience: { beforeOpenMs: 30_000, unknownRateMs: 60_000, noticeMs: 600, giveUpMs: 60_000 },
    hwaccel,
    file: path,
  }),
  opening: ({ path }) => ({
    by: 'ffmpeg',
    input: () => ({
      options: [...allowOnly(['file']), '-format_whitelist', recordings.join(',')],
      input: `file:${path}`,
    }),
  }),
};
