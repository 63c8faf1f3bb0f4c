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

/** Whatever the source says, ffmpeg goes no other way than these. */
export const onlyBy = (protocols: readonly string[]): readonly string[] => ['-protocol_whitelist', protocols.join(',')];
