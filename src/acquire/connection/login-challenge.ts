/** Those that ffmpeg knows. */
const KNOWN = /^md5(?:-sess)?$/i;

/**
 * What of a server's demand for a login ffmpeg cannot do, in words; null: it can. `answer`: the head of an RTSP answer. Of several demands ffmpeg takes the last digest, else basic.
 */
export function unknownLogin(answer: string): string | null {
  const demands = [...answer.matchAll(/^www-authenticate:[ \t]*([\w-]+)([^\r\n]*)/gim)].map(([, scheme = '', rest = '']) => ({
    scheme: scheme.toLowerCase(),
    algorithm: /\balgorithm="?([\w-]+)/i.exec(rest)?.[1] ?? 'MD5',
  }));
  const digest = demands.findLast(({ scheme }) => scheme === 'digest');
  if (digest) {
    if (KNOWN.test(digest.algorithm)) return null;
    return `the server asks for a digest by ${digest.algorithm.slice(0, 20)}, which ffmpeg cannot do, whatever the password: set it to MD5 there`;
  }
  const [other] = demands;
  if (!other || demands.some(({ scheme }) => scheme === 'basic')) return null;
  return `the server asks for a login by ${other.scheme.slice(0, 20)}, which ffmpeg cannot do: set it to digest by MD5 there`;
}
