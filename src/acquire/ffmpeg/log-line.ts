import type { LossReason } from '../source';
import { OUTPUT_FILTER, PASSES_ANYWAY } from './changed-only';
import type { Track } from './tracks';

/** What a line of ffmpeg's log tells us. */
export type LogFact =
  /** The next picture on standard output. */
  | {
      readonly kind: 'picture';
      /** It is not dropped even if equal to the one before (changed-only.ts). */
      readonly passesAnyway: boolean;
      readonly width: number;
      readonly height: number;
      readonly seconds: number | null;
      /** Width of a pixel over its height; 1 if unknown. */
      readonly pixelAspect: number;
      /** A key picture, which depends on no other. */
      readonly key: boolean;
      /** A B picture, which depends on a later one. */
      readonly bidirectional: boolean;
      /** Marked as two fields, of two moments. */
      readonly interlaced: boolean;
      /** FFmpeg's pixel format, before conversion to grey. */
      readonly format: string;
    }
  /** The colour range of the picture just announced: `tv`, `pc` or unknown. */
  | { readonly kind: 'range'; readonly range: string }
  /** Whether the picture just announced differs from the one before (by `CHANGED_ONLY`). */
  | { readonly kind: 'change'; readonly changed: boolean }
  /** The picture just announced is on its way to standard output. */
  | { readonly kind: 'output' }
  /** Data was lost or corrupted: the next picture is damaged, and so are those that depend on it. */
  | { readonly kind: 'damage' }
  /** A video of the input, and the rate it announces. `stream`: its index among all streams. */
  | { readonly kind: 'video'; readonly stream: number; readonly track: Track; readonly announcedRateHz: number | null }
  /** The input stream that is decoded. */
  | { readonly kind: 'taken'; readonly stream: number }
  | { readonly kind: 'failure'; readonly reason: LossReason; readonly message: string };

/**
 * Parses a line of ffmpeg's log; null for the many that tell us nothing. Only ffmpeg's own words count: metadata of the
 * source (title, comment) stands further right in its line.
 */
export function readLogLine(line: string): LogFact | null {
  const picture =
    /^\[Parsed_showinfo_\d+ @ \w+\] (?:\[\w+\] )?n: *(\d+) pts: *\S+ pts_time:(\S+) .*?fmt:(\w+) .*?s:(\d{1,5})x(\d{1,5}) /.exec(line);
  if (picture) {
    const [, number, seconds, format = '', width, height] = picture;
    return {
      kind: 'picture',
      passesAnyway: Number(number) % PASSES_ANYWAY === 0,
      width: Number(width),
      height: Number(height),
      seconds: Number.isFinite(Number(seconds)) ? Number(seconds) : null,
      pixelAspect: pixelAspect(line),
      key: /\biskey: *1\b/.test(line),
      bidirectional: / type:B\b/.test(line),
      interlaced: / i:[TB] /.test(line),
      format,
    };
  }
  const range = /^\[Parsed_showinfo_\d+ @ \w+\] (?:\[\w+\] )?color_range:(\w+)/.exec(line);
  if (range?.[1] !== undefined) return { kind: 'range', range: range[1] };
  const change = /^\[Parsed_metadata_\d+ @ \w+\] (?:\[\w+\] )?lavfi\.scd\.mafd=(\d+\.\d+)/.exec(line);
  if (change) return { kind: 'change', changed: Number(change[1]) > 0 };
  if (OUTPUT.test(line)) return { kind: 'output' };
  const taken = /^(?:\[\w+\] )? *Stream #0:(\d{1,5}) -> #0:0 /.exec(line);
  if (taken) return { kind: 'taken', stream: Number(taken[1]) };
  const video = /^(?:\[\w+\] )? *Stream #0:(\d{1,5})\b.{0,200}?: Video: ([\w-]+)/.exec(line);
  if (video) {
    const [, stream, codec = ''] = video;
    const [, width, height] = /, ([1-9]\d{0,4})x([1-9]\d{0,4})(?:[ ,]|$)/.exec(line) ?? [];
    const track = { codec, width: Number(width ?? 0), height: Number(height ?? 0), still: / \(attached pic\)/.test(line) };
    const rate = /, (\d{1,9}(?:\.\d{1,9})?)(k?) (?:fps|tbr)\b/.exec(line);
    return { kind: 'video', stream: Number(stream), track, announcedRateHz: rate ? Number(rate[1]) * (rate[2] === 'k' ? 1000 : 1) : null };
  }
  if (damage.test(line)) return { kind: 'damage' };
  if (!/\[(?:error|fatal|panic)\]/.test(line)) return null;
  for (const [pattern, reason, message] of failures) {
    if (pattern.test(line)) return { kind: 'failure', reason, message };
  }
  return null;
}

const OUTPUT = new RegExp(`^\\[${OUTPUT_FILTER} @ \\w+\\] (?:\\[\\w+\\] )?n: *\\d+ `);

/** Further from square than any monitor or video standard: the header is broken. */
const MOST_ASPECT = 8;

/** FFmpeg's sample aspect ratio; 1 where it is unknown (0/1) or implausible. */
function pixelAspect(line: string): number {
  const [, across, down] = / sar: *(\d{1,9})\/(\d{1,9}) /.exec(line) ?? [];
  const aspect = Number(across) / Number(down);
  return aspect >= 1 / MOST_ASPECT && aspect <= MOST_ASPECT ? aspect : 1;
}

/** FFmpeg 5 and newer report each corrupt frame; the other messages, of decoders and the RTP receiver, are older. */
const damage =
  /corrupt decoded frame|RTP: missed -?\d+ packets|error while decoding MB|decode_slice_header error|no frame!|concealing \d+ DC|Could not find ref with POC/;

/** No video at all, or none with the requested number. */
export const NO_VIDEO = 'it contains no video';

export const NOT_A_DEVICE = 'not a capture device';

const failures: readonly (readonly [pattern: RegExp, reason: LossReason, message: string])[] = [
  [/failed: 401\b|401 Unauthorized|authorization failed/i, 'unauthorised', 'user name or password refused'],
  [/failed: 403\b|403 Forbidden|access denied/i, 'unauthorised', 'access forbidden'],
  [/failed: 404\b|404 Not Found/i, 'not-found', 'the server knows no such stream'],
  [/Server returned [45]/i, 'refused', 'the server reports an error'],
  [/Failed to resolve hostname|Name or service not known/i, 'not-found', 'no such host'],
  [/Connection refused/i, 'refused', 'connection refused'],
  [/No route to host|Network is unreachable/i, 'refused', 'no route to the host'],
  [/Connection timed out|Operation timed out/i, 'stalled', 'no answer in time'],
  [/Address already in use/i, 'refused', 'the port is already in use'],
  [/Unable to open RTSP for listening/i, 'refused', 'cannot listen: the port is already in use, or this machine does not have the address'],
  [/Cannot assign requested address/i, 'refused', 'this machine does not have the address'],
  [/No such file or directory|No such device|Could not find video device|Video device not found/i, 'not-found', 'no such file or device'],
  [/Could not create DeckLink iterator/i, 'not-found', 'no DeckLink driver'],
  [/Cannot open display/i, 'not-found', 'no such display'],
  // Decoders and filters that give up say so, too.
  [/Permission denied|^(?!.*(?:decod|filter)).*Operation not permitted/i, 'unauthorised', 'permission denied'],
  [/Device or resource busy/i, 'refused', 'the device is in use'],
  [/Is a directory/i, 'no-video', 'a folder, not a recording'],
  [/matches no streams|does not contain any stream/i, 'no-video', NO_VIDEO],
  [/Unknown input format/i, 'no-video', 'this ffmpeg was built without that kind of input'],
  [/Inappropriate ioctl|Not a video capture device/i, 'no-video', NOT_A_DEVICE],
  [
    /Cannot find a proper format|Unknown pixel format|No such input format|Could not set video options|is not supported by the device/i,
    'no-video',
    'the device does not offer that format, size or rate',
  ],
  [/Format not on whitelist/i, 'no-video', 'unsupported kind of video file (lists of other files are not read)'],
  [/exceeds specified max pixel count/i, 'no-video', 'its pictures are larger than any monitor'],
  [/moov atom not found|Invalid data found when processing input/i, 'no-video', 'not a readable video'],
  [/Protocol (?:not found|'\w+' not on whitelist)/i, 'no-video', 'a protocol that is not allowed here'],
  [/No space left|Cannot allocate memory/i, 'crashed', 'out of memory'],
];
