import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { catchError, type MonoTypeOperatorFunction, Observable, of, switchMap, throwError } from 'rxjs';
import { SourceError } from '../source';

/** Digest algorithms that ffmpeg supports. */
const SUPPORTED = /^md5(?:-sess)?$/i;

/**
 * Why ffmpeg cannot answer a server's login challenge; null: it can. `answer`: the head of an RTSP response. Of several
 * challenges, ffmpeg takes the last digest, else basic.
 */
export function unsupportedLogin(answer: string): string | null {
  const challenges = [...answer.matchAll(/^www-authenticate:[ \t]*([\w-]+)([^\r\n]*)/gim)].map(([, scheme = '', rest = '']) => ({
    scheme: scheme.toLowerCase(),
    algorithm: /\balgorithm="?([\w-]+)/i.exec(rest)?.[1] ?? 'MD5',
  }));
  const digest = challenges.findLast(({ scheme }) => scheme === 'digest');
  if (digest) {
    if (SUPPORTED.test(digest.algorithm)) return null;
    return `the server asks for a digest by ${digest.algorithm.slice(0, 20)}, which ffmpeg does not support, whatever the password: set the server to MD5`;
  }
  const [other] = challenges;
  if (!other || challenges.some(({ scheme }) => scheme === 'basic')) return null;
  return `the server asks for a login by ${other.scheme.slice(0, 20)}, which ffmpeg does not support: set the server to digest by MD5`;
}

const PATIENCE_MS = 3000;
/** Longest head that is read. */
const LONGEST = 16_384;

/**
 * Explains a refused login: ffmpeg reports a login it does not support like a wrong password. Asks the server for its
 * challenge without credentials, which is no login attempt and locks nobody out. `url`: of an RTSP server; null: none.
 */
export function explainLogin<E>(url: string | null): MonoTypeOperatorFunction<E> {
  return catchError((error: unknown) => {
    if (url === null || !(error instanceof SourceError) || error.code !== 'unauthorised') return throwError(() => error);
    return challengeOf(url).pipe(
      switchMap((answer) => {
        const unsupported = unsupportedLogin(answer);
        return throwError(() => (unsupported === null ? error : new SourceError('unauthorised', unsupported, { cause: error })));
      }),
    );
  });
}

/** The head of a server's response to DESCRIBE; empty if there is none in time. */
function challengeOf(url: string): Observable<string> {
  const [, scheme = '', host = '', port, path = ''] =
    /^(rtsps?):\/\/(?:[^\s/?]*@)?(\[[^\]]+\]|[^\s/?:]+)(?::(\d+))?(\S*)$/i.exec(url) ?? [];
  if (host === '') return of('');
  const secure = scheme.toLowerCase() === 'rtsps';
  const at = { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? (secure ? 322 : 554)) };
  return new Observable((subscriber) => {
    let answer = '';
    const finish = (): void => {
      subscriber.next(answer);
      subscriber.complete();
    };
    // No secret is sent, and nothing received is trusted.
    const socket = secure ? connectSecurely({ ...at, rejectUnauthorized: false }) : connect(at);
    socket.setTimeout(PATIENCE_MS, finish).setEncoding('latin1').on('error', finish).on('close', finish);
    socket.on('data', (piece: string) => {
      answer += piece;
      if (answer.includes('\r\n\r\n') || answer.length > LONGEST) finish();
    });
    socket.write(
      `DESCRIBE ${scheme}://${host}${port === undefined ? '' : `:${port}`}${path} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n`,
    );
    return () => socket.destroy();
  });
}
