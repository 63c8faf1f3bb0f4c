import { SourceUriError } from '../uri-options';

/** The path or the device name behind a scheme, where `%23` stands for `#`. Throws a SourceUriError when there is none. */
export function sourceName(scheme: string, rest: string): string {
  if (rest === '') throw new SourceUriError('source', `${scheme}: followed by a name`, 'nothing');
  return rest.replace(/%23/g, '#');
}
