/** What a certain ffmpeg can do, as far as our command depends on it. FFmpeg 4.0 (2018) to 9 differ here. */
export interface FfmpegCapabilities {
  /** As `ffmpeg -version` names it. */
  readonly version: string;
  /** `-noautoscale` leaves pictures that change their size as they are. */
  readonly autoscale: boolean;
  /** `-fps_mode` has taken the place of `-vsync`. */
  readonly fpsMode: boolean;
  /** `showinfo` can do without checksums. */
  readonly plainShowinfo: boolean;
  /** The RTSP option for a socket timeout; `-timeout` means something else where this is `stimeout`. */
  readonly rtspTimeout: 'timeout' | 'stimeout';
  /** Static builds may crash when they look up a host name. */
  readonly resolvesNames: boolean;
  /** The capture devices it was built with: v4l2, x11grab, decklink, … */
  readonly devices: readonly string[];
}

/** Whether an ffmpeg is of before 2021 (4.4): what was found wrong in what it reads since then is not mended in it. */
export const isOld = ({ autoscale, fpsMode }: FfmpegCapabilities): boolean => !autoscale && !fpsMode;

/** What ffmpeg prints about itself when asked with `-version`, `-h long`, `-h filter=showinfo`, `-h demuxer=rtsp`, `-devices`. */
export interface FfmpegHelp {
  readonly version: string;
  readonly options: string;
  readonly showinfo: string;
  readonly rtsp: string;
  readonly devices: string;
}

/** Reads the capabilities out of the help texts. */
export function toCapabilities(help: FfmpegHelp, resolvesNames: boolean): FfmpegCapabilities {
  return {
    version: /^ffmpeg version (\S+)/m.exec(help.version)?.[1] ?? 'unknown',
    autoscale: /^-autoscale\b/m.test(help.options),
    fpsMode: /^-fps_mode\b/m.test(help.options),
    plainShowinfo: /^\s*checksum\b/m.test(help.showinfo),
    rtspTimeout: /^\s*-stimeout\b/m.test(help.rtsp) ? 'stimeout' : 'timeout',
    resolvesNames,
    devices: [...help.devices.matchAll(/^ D[ E]\s+(\S+)/gm)].flatMap(([, names = '']) => names.split(',')),
  };
}
