import { type Hwaccel, hwaccelOption, lowDelay, allowOnly } from '../ffmpeg/input';
import { captureTraits, type SourceKind } from '../source-kind';
import { rtspUrl } from './rtsp';

/** A stream that an encoder pushes to us. `url`: where we listen. */
export interface RtspListenSpec {
  readonly kind: 'rtsp-listen';
  readonly url: string;
  readonly hwaccel: Hwaccel;
}

/** An encoder may come at any time, but FFmpeg 9 refuses its own default, no limit. After this we listen again. */
const listenSeconds = 86_400;

export const rtspListen: SourceKind<typeof hwaccelOption, RtspListenSpec> = {
  options: hwaccelOption,
  parse: ({ rest }, { hwaccel }) => ({ kind: 'rtsp-listen', url: rtspUrl(`rtsp:${rest}`), hwaccel: hwaccel ?? 'none' }),
  traits: ({ url, hwaccel }) => ({ ...captureTraits, hwaccel, url, patience: { ...captureTraits.patience, beforeOpenMs: null } }),
  opening: ({ url }) => ({
    by: 'ffmpeg',
    input: () => ({
      options: [...lowDelay, ...allowOnly(['tcp', 'udp', 'rtp']), '-rtsp_flags', 'listen', '-listen_timeout', String(listenSeconds)],
      input: url,
    }),
  }),
};
