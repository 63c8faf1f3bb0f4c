import { lowDelay, onlyBy } from '../ffmpeg-input';
import type { SourceKind } from '../source-kind';
import { captured } from '../source-traits';
import { rtspUrl } from './rtsp-url';

/** A stream that an encoder pushes here. `url`: where we listen. */
export interface RtspListenSpec {
  readonly kind: 'rtsp-listen';
  readonly url: string;
}

/** An encoder may come any time. The default, for ever, is refused by FFmpeg 9; after this we listen anew. */
const listenSeconds = 86_400;

export const rtspListen: SourceKind<Record<never, never>, RtspListenSpec> = {
  options: {},
  parse: ({ rest }) => ({ kind: 'rtsp-listen', url: rtspUrl(`rtsp:${rest}`) }),
  traits: ({ url }) => ({ ...captured, url, patience: { ...captured.patience, beforeOpenMs: null } }),
  opening: ({ url }) => ({
    by: 'ffmpeg',
    input: () => ({
      options: [...lowDelay, ...onlyBy(['tcp', 'udp', 'rtp']), '-rtsp_flags', 'listen', '-listen_timeout', String(listenSeconds)],
      input: url,
    }),
  }),
};
