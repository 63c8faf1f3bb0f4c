import { oneOf } from './uri-options';

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
