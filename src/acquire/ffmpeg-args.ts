import type { FfmpegCapabilities } from './ffmpeg-capabilities';
import type { DeviceOptions, SourceSpec } from './source-spec';

/** One ffmpeg command: options, input, options. Arguments as they are, never for a shell. */
export interface FfmpegArgs {
  readonly inputOptions: readonly string[];
  readonly input: string;
  readonly outputOptions: readonly string[];
}

/** Twice an 8K monitor. A spoilt header may announce far more, and every picture of it would take that much memory. */
const MOST_PIXELS = 67_108_864;
/** Socket operations that take longer than this have failed. */
const socketTimeoutMicroseconds = 10_000_000;
/** An encoder may come any time. The default, for ever, is refused by FFmpeg 9; after this we listen anew. */
const listenSeconds = 86_400;
/** Room for several key pictures on UDP: FFmpeg asks for 64 KiB, which one overflows while the decoder is busy. The kernel may grant less. */
const datagramBufferBytes = 4_194_304;
/** To leave the range alone is to say that it is the same before and after: then eight-bit luma is copied. */
const lumaAsItIs = 'scale=w=iw:h=ih:eval=frame:in_range=full:out_range=full,format=gray';
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
/** What a recording may be, whatever its name says: files that hold their pictures themselves, and no list of other files or addresses. */
const recordings = [
  ...['mov', 'matroska', 'avi', 'mpegts', 'mpeg', 'asf', 'flv', 'ogg', 'nut', 'mxf', 'dv', 'wtv', 'gif', 'dicom'],
  ...['h264', 'hevc', 'm4v', 'mjpeg', 'ivf', 'obu', 'yuv4mpegpipe'],
];

/**
 * The command that turns a source into grey pictures on standard output, one after the other: its luma as it is, in whichever range, for that costs a copy where turning it
 * into full range costs more than decoding. For each picture `showinfo` tells its size, time, format and range on standard error before its bytes come: a change in
 * mid-stream neither smears nor rescales anything.
 *
 * A phantom is read from `feedUrl`, where its generator will connect.
 */
export function ffmpegArgs(spec: SourceSpec, can: FfmpegCapabilities, feedUrl = ''): FfmpegArgs {
  const { options, input } = inputOf(spec, can, feedUrl);
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
      ...(can.autoscale ? [] : ['-reinit_filter', '0']),
      ...options,
    ],
    input,
    outputOptions: [
      ...['-map', '0:v:0', '-an', '-sn', '-dn', can.fpsMode ? '-fps_mode' : '-vsync', 'passthrough'],
      ...['-vf', `showinfo${can.plainShowinfo ? '=checksum=0' : ''},format=${lumaFormats.join('|')},${lumaAsItIs}`],
      ...(can.autoscale ? ['-noautoscale'] : []),
      ...['-c:v', 'rawvideo', '-f', 'rawvideo', '-flush_packets', '1', '-avioflags', 'direct', 'pipe:1'],
    ],
  };
}

/**
 * Live: no frame threads, so that a picture comes out as soon as it is complete; the analysis ends with the first picture that shows the codec.
 * `-fflags nobuffer` is not among them: it throws away what was read for the analysis, up to the second key picture.
 */
const live = ['-flags', 'low_delay', '-fpsprobesize', '0', '-analyzeduration', '1'];

function inputOf(spec: SourceSpec, can: FfmpegCapabilities, feedUrl: string): { options: readonly string[]; input: string } {
  switch (spec.kind) {
    case 'rtsp': {
      const transport = ['-rtsp_transport', spec.transport, `-${can.rtspTimeout}`, String(socketTimeoutMicroseconds)];
      if (spec.transport === 'udp') transport.push('-buffer_size', String(datagramBufferBytes));
      const secure = spec.url.toLowerCase().startsWith('rtsps:');
      const wires = ['tcp', ...(secure ? ['tls'] : []), ...(spec.transport === 'udp' ? ['udp', 'rtp', ...(secure ? ['srtp'] : [])] : [])];
      return { options: [...live, ...only(wires), ...transport], input: spec.url };
    }
    case 'rtsp-listen':
      return {
        options: [...live, ...only(['tcp', 'udp', 'rtp']), '-rtsp_flags', 'listen', '-listen_timeout', String(listenSeconds)],
        input: spec.url,
      };
    case 'v4l2':
      return { options: [...live, '-f', 'v4l2', ...asked(spec, '-input_format')], input: spec.device };
    case 'decklink':
      return { options: [...live, '-f', 'decklink', ...(spec.format === null ? [] : ['-format_code', spec.format])], input: spec.device };
    case 'dshow':
      return { options: [...live, '-f', 'dshow', '-rtbufsize', '64M', ...asked(spec, '-pixel_format')], input: `video=${spec.device}` };
    case 'avfoundation':
      return { options: [...live, '-f', 'avfoundation', ...asked(spec, '-pixel_format')], input: `${spec.device}:none` };
    case 'x11grab':
      return { options: [...live, '-f', 'x11grab', '-draw_mouse', '0', ...asked({ ...spec, format: null }, '')], input: spec.display };
    case 'file':
      return {
        options: [...only(['file']), '-format_whitelist', recordings.join(','), ...(spec.rate === 'source' ? ['-re'] : [])],
        input: `file:${spec.path}`,
      };
    case 'phantom':
      return { options: [...live, ...only(['tcp']), '-f', 'mpegts'], input: `${feedUrl}?listen=1` };
  }
}

function asked({ size, rate, format }: DeviceOptions, formatOption: string): readonly string[] {
  return [
    ...(format === null ? [] : [formatOption, format]),
    ...(rate === null ? [] : ['-framerate', String(rate)]),
    ...(size === null ? [] : ['-video_size', `${size.width}x${size.height}`]),
  ];
}

/** Whatever the source says, ffmpeg goes no other way than these. */
const only = (protocols: readonly string[]): readonly string[] => ['-protocol_whitelist', protocols.join(',')];
