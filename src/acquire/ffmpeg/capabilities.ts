/** What an ffmpeg can do, as far as our command depends on it. FFmpeg 4.0 (2018) to 9 differ in this. */
export interface FfmpegCapabilities {
  /** As printed by `ffmpeg -version`. */
  readonly version: string;
  /** `-noautoscale` keeps pictures that change their size as they are. */
  readonly autoscale: boolean;
  /** `-fps_mode` replaces `-vsync`. */
  readonly fpsMode: boolean;
  /** `showinfo` can omit checksums. */
  readonly plainShowinfo: boolean;
  /** Pictures equal to the one before can be dropped (`CHANGED_ONLY`). */
  readonly changedOnly: boolean;
  /** The RTSP option for a socket timeout; where it is `stimeout`, `-timeout` means something else. */
  readonly rtspTimeout: 'timeout' | 'stimeout';
  /** RTSP takes `-tls_verify`, and may verify certificates unless told not to. */
  readonly tlsVerify: boolean;
  /** False for static builds that crash when they look up a host name. */
  readonly resolvesNames: boolean;
  /** Capture devices it was built with: v4l2, x11grab, decklink, … */
  readonly devices: readonly string[];
}

/** Whether an ffmpeg is older than 4.4 (2021) and lacks the fixes made since. */
export const isOld = ({ autoscale, fpsMode }: FfmpegCapabilities): boolean => !autoscale && !fpsMode;

/** Output of `-version`, `-h long`, `-h filter=showinfo`, `-h filter=scdet`, `-h demuxer=rtsp` and `-devices`. */
export interface FfmpegHelp {
  readonly version: string;
  readonly options: string;
  readonly showinfo: string;
  readonly scdet: string;
  readonly rtsp: string;
  readonly devices: string;
}

export function toCapabilities(help: FfmpegHelp, resolvesNames: boolean): FfmpegCapabilities {
  return {
    version: /^ffmpeg version (\S+)/m.exec(help.version)?.[1] ?? 'unknown',
    autoscale: /^-autoscale\b/m.test(help.options),
    fpsMode: /^-fps_mode\b/m.test(help.options),
    plainShowinfo: /^\s*checksum\b/m.test(help.showinfo),
    changedOnly: /^Filter scdet\b/m.test(help.scdet),
    rtspTimeout: /^\s*-stimeout\b/m.test(help.rtsp) ? 'stimeout' : 'timeout',
    tlsVerify: /^\s*-tls_verify\b/m.test(help.rtsp),
    resolvesNames,
    devices: [...help.devices.matchAll(/^ D[ E]\s+(\S+)/gm)].flatMap(([, names = '']) => names.split(',')),
  };
}
