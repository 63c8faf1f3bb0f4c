import { lookup } from 'node:dns/promises';
import { SourceError } from './source-error';

/** A URL with the address of its host instead of the name, for an ffmpeg that cannot look up names. Rejects with a SourceError where there is no such host. */
export async function withAddress(url: string): Promise<string> {
  const [, before = '', host = '', after = ''] = /^([a-z]+:\/\/(?:[^\s/?]*@)?)(\[[^\]]+\]|[^\s/?:]+)(.*)$/i.exec(url) ?? [];
  try {
    const { address, family } = await lookup(host.replace(/^\[|\]$/g, ''));
    return `${before}${family === 6 ? `[${address}]` : address}${after}`;
  } catch (error) {
    throw new SourceError('not-found', 'no such host', { cause: error });
  }
}
