import { oneOf } from '../uri-options';

/** What ffmpeg is told to read: options, and the input they stand in front of. */
export interface FfmpegInput {
  readonly options: readonly string[];
  readonly input: string;
}

/**
 * For what is shown now: no frame threads, so that a picture comes out as soon as it is complete; the analysis ends with the first picture that shows the codec.
 * `-fflags nobuffer` is not among them: it throws away what was read for the analysis, up to the second key picture.
 */
export const lowDelay: readonly string[] = ['-flags', 'low_delay', '-fpsprobesize', '0', '-analyzeduration', '1'];

/** The same with pictures in the order in which they are shown: some decoders give them as they are coded when they are to be quick. Still without frame threads. */
export const inDisplayOrder = (options: readonly string[]): readonly string[] => {
  const flags = options.indexOf('low_delay') - 1;
  return flags < 0 ? options : options.with(flags, '-thread_type').with(flags + 1, 'slice');
};

/** Whatever the source says, ffmpeg goes no other way than these. */
export const allowOnly = (protocols: readonly string[]): readonly string[] => ['-protocol_whitelist', protocols.join(',')];

const HWACCELS = ['auto', 'none', 'cuda', 'vaapi', 'qsv', 'videotoolbox', 'd3d11va'] as const;

/** What decodes a source, in FFmpeg's words: the processor (`none`), a certain kind of hardware, or whichever the machine has (`auto`). */
export type Hwaccel = (typeof HWACCELS)[number];

/** The option of sources whose pictures come compressed. */
export const hwaccelOption = { hwaccel: oneOf(...HWACCELS) };

/** What ffmpeg is told of it. Decoded pictures come back into memory by themselves, but for `qsv`, where ffmpeg must be told what as. */
export const hwaccelArgs = (hwaccel: Hwaccel): readonly string[] => [
  ...(hwaccel === 'none' ? [] : ['-hwaccel', hwaccel]),
  ...(hwaccel === 'qsv' ? ['-hwaccel_output_format', 'nv12'] : []),
];
