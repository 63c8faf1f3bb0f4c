import { SourceUriError } from '../uri-options';

/** An address of RTSP as it stands, once it is seen to be one. Throws a SourceUriError, which shows nothing of it: what is password there, nobody knows. */
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
