import { type Hwaccel, hwaccelOption, lowDelay, allowOnly } from '../ffmpeg/input';
import { captureTraits, type SourceKind, type SourceTraits } from '../source-kind';
import { oneOf, SourceUriError } from '../uri-options';

/** Returns a valid RTSP URL. Throws a SourceUriError that shows nothing of it: every part may be a password. */
export function rtspUrl(url: string): string {
  if (!/^rtsps?:\/\/([^\s/?]*@)?(\[[0-9a-f:.]+\]|[^\s/?:@[\]]+)(:\d{1,5})?([/?]\S*)?$/i.test(url)) {
    throw new SourceUriError(
      'source',
      'host, :port and /path behind rtsp: and two slashes, with special characters in a password percent-encoded (# as %23, / as %2F, ? as %3F, @ as %40)',
      'something else',
    );
  }
  return url;
}

/** A stream pulled from an RTSP server; `rtsps:` with TLS. */
export interface RtspSpec {
  readonly kind: 'rtsp';
  readonly url: string;
  readonly transport: 'tcp' | 'udp';
  readonly hwaccel: Hwaccel;
}

const socketTimeoutMicroseconds = 10_000_000;
/**
 * UDP buffer for several key pictures: one overflows FFmpeg's default of 64 KiB while it decodes. The kernel may grant
 * less.
 */
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
  traits: ({ url, hwaccel }) => ({ ...captureTraits, hwaccel, url, server: serverOf(url) }),
  opening: ({ url, transport }) => ({
    by: 'ffmpeg',
    input: ({ rtspTimeout, tlsVerify }) => ({
      options: [
        ...lowDelay,
        ...allowOnly(protocolsOf(url, transport)),
        ...['-rtsp_transport', transport, `-${rtspTimeout}`, String(socketTimeoutMicroseconds)],
        // Cameras sign their own certificates; older FFmpegs could not verify any.
        ...(tlsVerify && isSecure(url) ? ['-tls_verify', '0'] : []),
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
