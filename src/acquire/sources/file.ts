import { type Hwaccel, hwaccelOption, allowOnly } from '../ffmpeg/input';
import { captureTraits, type SourceKind, sourceName } from '../source-kind';
import { oneOf, decodePercent, SourceUriError, yesNo } from '../uri-options';

/** A recording, as fast as it can be read (`max`) or paced as it was recorded (`source`). */
export interface FileSpec {
  readonly kind: 'file';
  readonly path: string;
  readonly rate: 'source' | 'max';
  readonly repeat: boolean;
  readonly hwaccel: Hwaccel;
}

/** What a recording may be, whatever its name says: files that hold their pictures themselves, and no list of other files or addresses. */
const recordings = [
  ...['mov', 'matroska', 'avi', 'mpegts', 'mpeg', 'asf', 'flv', 'ogg', 'nut', 'mxf', 'dv', 'wtv', 'gif', 'dicom'],
  ...['h264', 'hevc', 'm4v', 'mpegvideo', 'mjpeg', 'ivf', 'obu', 'yuv4mpegpipe'],
];

/** The path in a URL of a file (RFC 8089), which is percent-encoded; null: it is none, and a path as it stands. Throws a SourceUriError. */
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
