import { openingOf, traitsOf } from '../source-kinds';
import type { SourceSpec } from '../source-spec';
import type { FfmpegCapabilities } from './capabilities';
import { CHANGED_ONLY } from './changed-only';
import { type Hwaccel, hwaccelArgs, inDisplayOrder } from './input';

/** One ffmpeg command. Arguments are passed as they are, never through a shell. */
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
  readonly changedOnly?: boolean | undefined;
}

/** Interlaced pictures become progressive ones of their first field; others stay. Each waits for the next. */
const deinterlacer = 'bwdif=mode=send_frame:parity=auto:deint=interlaced';
/** Twice an 8K monitor. A corrupt header may announce far more, and each picture would take that much memory. */
const MOST_PIXELS = 67_108_864;
/** Pictures that ffmpeg may decode ahead: a thread of its own writes the pipe while nobody reads. */
const PICTURES_AHEAD = 3;
/** Declaring the same range before and after keeps it: eight-bit luma is then only copied. */
const toLuma = 'scale=w=iw:h=ih:eval=frame:in_range=full:out_range=full,format=gray';
/**
 * Formats whose luma `toLuma` extracts; all others are first converted to the nearest of these, as FFmpeg would copy
 * the wrong bits of P010 and the like. Every FFmpeg from 4.0 knows these names.
 */
const lumaFormats = [
  ...['yuv420p', 'yuv422p', 'yuv444p', 'yuv440p', 'yuv411p', 'yuv410p', 'yuva420p', 'yuva422p', 'yuva444p'],
  ...['yuvj420p', 'yuvj422p', 'yuvj444p', 'yuvj440p', 'yuvj411p', 'nv12', 'nv16', 'nv21', 'yuyv422', 'uyvy422', 'yvyu422'],
  ...['yuv420p9le', 'yuv420p10le', 'yuv422p10le', 'yuv444p10le', 'yuv420p12le', 'yuv422p12le', 'yuv444p12le', 'yuv420p16le', 'yuv422p16le'],
  ...['gray', 'gray10le', 'gray12le', 'gray16le', 'pal8', 'monow', 'monob', 'gbrp', 'gbrp10le', 'rgb565le', 'rgb48le'],
  ...['rgb24', 'bgr24', 'argb', 'rgba', 'abgr', 'bgra', '0rgb', 'rgb0', '0bgr', 'bgr0'],
];

/**
 * The command that writes the grey pictures of a source to standard output, one after the other. Their luma stays in
 * its range: copying it is cheap, whereas conversion to full range costs more than decoding. For each picture,
 * `showinfo` writes size, time, format and range to standard error, so that a change in mid-stream neither smears nor
 * rescales anything.
 *
 * A phantom is read from `feedUrl`, where its generator connects. `threads` decode a recording that is read as fast as
 * possible. `quick`: a live source is decoded without delay, in any order. `changedOnly`: pictures equal to the one
 * before are announced but not written.
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
    changedOnly = false,
  }: CommandOptions = {},
): FfmpegArgs {
  const { options, input } = openingOf(spec).input(capabilities, feedUrl);
  return {
    inputOptions: [
      '-hide_banner',
      '-nostdin',
      '-nostats',
      '-loglevel',
      'repeat+level+info',
      '-max_pixels',
      String(MOST_PIXELS),
      // Sharing a copy among threads takes longer than copying.
      '-filter_threads',
      '1',
      // Without -noautoscale, keep the filters, and let `scale` follow the size of the input.
      ...(capabilities.autoscale ? [] : ['-reinit_filter', '0']),
      ...(traitsOf(spec).ownClock ? ['-threads', String(threads)] : []),
      // With frame threads, errors of one picture are logged while another is announced.
      ...(traitsOf(spec).file === null ? [] : ['-thread_type', 'slice']),
      ...hwaccelArgs(hwaccel),
      // Logs each packet, also those that give no picture.
      ...(traitsOf(spec).url === null ? [] : ['-debug_ts']),
      ...(quick ? options : inDisplayOrder(options)),
    ],
    input,
    outputOptions: [
      ...['-map', `0:v:${track - 1}`, '-an', '-sn', '-dn', capabilities.fpsMode ? '-fps_mode' : '-vsync', 'passthrough'],
      ...[
        '-vf',
        [
          ...(deinterlace ? [deinterlacer] : []),
          `showinfo${capabilities.plainShowinfo ? '=checksum=0' : ''}`,
          `format=${lumaFormats.join('|')}`,
          toLuma,
          ...(changedOnly ? [CHANGED_ONLY] : []),
        ].join(','),
      ],
      ...(capabilities.autoscale ? ['-noautoscale'] : []),
      // With more threads, this encoder gives each picture only with the next.
      ...['-c:v', 'rawvideo', '-threads', '1', '-f', 'fifo', '-fifo_format', 'rawvideo', '-queue_size', String(PICTURES_AHEAD)],
      ...['-format_opts', 'flush_packets=1:avioflags=direct', 'pipe:1'],
    ],
  };
}
