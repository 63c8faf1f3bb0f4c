import { oneOf } from '../uri-options';

/** An input of ffmpeg and the options that precede it. */
export interface FfmpegInput {
  readonly options: readonly string[];
  readonly input: string;
}

/**
 * For live sources: no frame threads, so that a picture comes out once it is complete, and analysis that ends with the
 * first picture. Without `-fflags nobuffer`, which throws away what was read for the analysis, up to the second key
 * picture.
 */
export const lowDelay: readonly string[] = ['-flags', 'low_delay', '-fpsprobesize', '0', '-analyzeduration', '1'];

/** The same in display order, as low_delay makes some decoders skip reordering. Still without frame threads. */
export const inDisplayOrder = (options: readonly string[]): readonly string[] => {
  const flags = options.indexOf('low_delay') - 1;
  return flags < 0 ? options : options.with(flags, '-thread_type').with(flags + 1, 'slice');
};

/** Restricts ffmpeg to these protocols, whatever the source refers to. */
export const allowOnly = (protocols: readonly string[]): readonly string[] => ['-protocol_whitelist', protocols.join(',')];

const HWACCELS = ['auto', 'none', 'cuda', 'vaapi', 'qsv', 'videotoolbox', 'd3d11va'] as const;

/**
 * What decodes a source, in FFmpeg's words: software (`none`), a kind of hardware, or what the machine has (`auto`).
 */
export type Hwaccel = (typeof HWACCELS)[number];

/** The option of compressed sources. */
export const hwaccelOption = { hwaccel: oneOf(...HWACCELS) };

/** Decoded pictures are copied back to memory by default, except for `qsv`, which must be told their format. */
export const hwaccelArgs = (hwaccel: Hwaccel): readonly string[] => [
  ...(hwaccel === 'none' ? [] : ['-hwaccel', hwaccel]),
  ...(hwaccel === 'qsv' ? ['-hwaccel_output_format', 'nv12'] : []),
];
