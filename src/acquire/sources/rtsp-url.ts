import { redactUri } from '../redact-uri';
import { SourceUriError } from '../uri-options';

/** An address of RTSP as it stands, once it is seen to be one. Throws a SourceUriError. */
export function rtspUrl(url: string): string {
  if (!/^rtsps?:\/\/([^\s/?]*@)?(\[[0-9a-f:.]+\]|[^\s/?:@[\]]+)(:\d{1,5})?([/?]\S*)?$/i.test(url)) {
    throw new SourceUriError('source', 'rtsp://host:port/path (special characters in a password percent-encoded)', `"${redactUri(url)}"`);
  }
  return url;
}
