import { type Hwaccel, hwaccelOption, lowDelay, onlyBy } from '../ffmpeg/input';
import { captured, type SourceKind, type SourceTraits } from '../source-kind';
import { oneOf } from '../uri-options';
import { rtspUrl } from './rtsp-url';

/** A stream that is pulled from an RTSP server; `rtsps:` with TLS. */
export interface RtspSpec {
  readonly kind: 'rtsp';
  readonly url: string;
  readonly transport: 'tcp' | 'udp';
  readonly hwaccel: Hwaccel;
}

/** Socket operations that take longer than this have failed. */
const socketTimeoutMicroseconds = 10_000_000;
/** Room for several key pictures on UDP: FFmpeg asks for 64 KiB, which one overflows while the decoder is busy. The kernel may grant less. */
const datagramBufferBytes = 4_194_304;

const options = { transport: oneOf('tcp', 'udp'), ...hwaccelOption };

export const rtsp: SourceKind<typeof options, RtspSpec> = {
  options,
  parse: ({ uri }, { transport, hwaccel }) => ({
    kind: 'rtsp',
    url: rtspUrl(uri),
    transport: transport ?? 'tcp',
    hwaccel: hwaccel ?? 'none',
  }),
  traits: ({ url, hwaccel }) => ({ ...captured, hwaccel, url, server: serverOf(url) }),
  opening: ({ url, transport }) => ({
    by: 'ffmpeg',
    input: ({ rtspTimeout }) => ({
      options: [
        ...lowDelay,
        ...onlyBy(protocolsOf(url, transport)),
        ...['-rtsp_transport', transport, `-${rtspTimeout}`, String(socketTimeoutMicroseconds)],
        ...(transport === 'udp' ? ['-buffer_size', String(datagramBufferBytes)] : []),
      ],
      input: url,
    }),
  }),
};

const isSecure = (url: string): boolean => url.toLowerCase().startsWith('rtsps:');

function protocolsOf(url: string, transport: 'tcp' | 'udp'): readonly string[] {
  const secure = isSecure(url);
  return ['tcp', ...(secure ? ['tls'] : []), ...(transport === 'udp' ? ['udp', 'rtp', ...(secure ? ['srtp'] : [])] : [])];
}

function serverOf(url: string): SourceTraits['server'] {
  const [, host = '', port] = /^rtsps?:\/\/(?:[^\s/?]*@)?(\[[^\]]+\]|[^\s/?:]+)(?::(\d+))?/i.exec(url) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? (isSecure(url) ? 322 : 554)) };
}
