import { openingOf, traitsOf } from '../source-kinds';
import type { SourceSpec } from '../source-spec';
import type { FfmpegCapabilities } from './capabilities';
import { type Hwaccel, hwaccelArgs, inDisplayOrder } from './input';

/** One ffmpeg command: options, input, options. Arguments as they are, never for a shell. */
export interface FfmpegArgs {
  readonly inputOptions: readonly string[];
  readonly input: string;
  readonly outputOptions: readonly string[];
}

interface CommandOptions {
  readonly feedUrl?: string | undefined;
  readonly hwaccel?: Hwaccel | undefined;
  readonly threads?: number | undefined;
  readonly quick?: boolean | undefined;
  readonly deinterlace?: boolean | undefined;
  readonly track?: number | undefined;
}

/** Those of its pictures that are marked as two fields become pictures of the first; the others stay as they are. Each waits for the next. */
const deinterlacer = 'bwdif=mode=send_frame:parity=auto:deint=interlaced';
/** Twice an 8K monitor. A spoilt header may announce far more, and every picture of it would take that much memory. */
const MOST_PIXELS = 67_108_864;
/** A thread of ffmpeg's own writes the pipe, so that decoding goes on while nobody reads; no further ahead than this. */
const PICTURES_AHEAD = 3;
/** To leave the range alone is to say that it is the same before and after: then eight-bit luma is copied. */
const toLuma = 'scale=w=iw:h=ih:eval=frame:in_range=full:out_range=full,format=gray';
/**
 * What that works with. All others are converted to the nearest of these first: of P010 and its kind, FFmpeg would copy the wrong bits. Every FFmpeg from 4.0 knows these names.
 */
const lumaFormats = [
  ...['yuv420p', 'yuv422p', 'yuv444p', 'yuv440p', 'yuv411p', 'yuv410p', 'yuva420p', 'yuva422p', 'yuva444p'],
  ...['yuvj420p', 'yuvj422p', 'yuvj444p', 'yuvj440p', 'yuvj411p', 'nv12', 'nv16', 'nv21', 'yuyv422', 'uyvy422', 'yvyu422'],
  ...['yuv420p9le', 'yuv420p10le', 'yuv422p10le', 'yuv444p10le', 'yuv420p12le', 'yuv422p12le', 'yuv444p12le', 'yuv420p16le', 'yuv422p16le'],
  ...['gray', 'gray10le', 'gray12le', 'gray16le', 'pal8', 'monow', 'monob', 'gbrp', 'gbrp10le', 'rgb565le', 'rgb48le'],
  ...['rgb24', 'bgr24', 'argb', 'rgba', 'abgr', 'bgra', '0rgb', 'rgb0', '0bgr', 'bgr0'],
];

/**
 * The command that turns a source into grey pictures on standard output, one after the other: its luma as it is, in whichever range, for that costs a copy where turning it
 * into full range costs more than decoding. For each picture `showinfo` tells its size, time, format and range on standard error before its bytes come: a change in
 * mid-stream neither smears nor rescales anything.
 *
 * A phantom is read from `feedUrl`, where its generator will connect. `hwaccel` is to decode it, or, if it is read as fast as can be, `threads`. `quick`: a live
 * one is decoded without delay, in whichever order. `deinterlace`: pictures of two fields become pictures of one moment.
 */
export function ffmpegArgs(
  spec: SourceSpec,
  capabilities: FfmpegCapabilities,
  {
    feedUrl = '',
    hwaccel = traitsOf(spec).hwaccel,
    threads = 1,
    quick = true,
    deinterlace = false,
    track = spec.track ?? 1,
  }: CommandOptions = {},
): FfmpegArgs {
  const { options, input } = openingOf(spec).input(capabilities, feedUrl);
  return {
    // Where ffmpeg cannot be told to leave sizes alone, the filters are kept and `scale` is told to follow the input.
    inputOptions: [
      '-hide_banner',
      '-nostdin',
      '-nostats',
      '-loglevel',
      'repeat+level+info',
      '-max_pixels',
      String(MOST_PIXELS),
      // To share out a copy among threads takes longer than to copy.
      '-filter_threads',
      '1',
      ...(capabilities.autoscale ? [] : ['-reinit_filter', '0']),
      ...(traitsOf(spec).ownClock ? ['-threads', String(threads)] : []),
      // What decodes several pictures at a time complains of one when another is told.
      ...(traitsOf(spec).file === null ? [] : ['-thread_type', 'slice']),
      ...hwaccelArgs(hwaccel),
      // Tells of each packet, also of those that give no picture.
      ...(traitsOf(spec).url === null ? [] : ['-debug_ts']),
      ...(quick ? options : inDisplayOrder(options)),
    ],
    input,
    outputOptions: [
      ...['-map', `0:v:${track - 1}`, '-an', '-sn', '-dn', capabilities.fpsMode ? '-fps_mode' : '-vsync', 'passthrough'],
      ...[
        '-vf',
        `${deinterlace ? `${deinterlacer},` : ''}showinfo${capabilities.plainShowinfo ? '=checksum=0' : ''},format=${lumaFormats.join('|')},${toLuma}`,
      ],
      ...(capabilities.autoscale ? ['-noautoscale'] : []),
      ...['-c:v', 'rawvideo', '-f', 'fifo', '-fifo_format', 'rawvideo', '-queue_size', String(PICTURES_AHEAD)],
      ...['-format_opts', 'flush_packets=1:avioflags=direct', 'pipe:1'],
    ],
  };
}
