import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { catchError, type MonoTypeOperatorFunction, Observable, of, switchMap, throwError } from 'rxjs';
import { SourceError } from '../source';

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

const PATIENCE_MS = 3000;
/** An answer with a longer head is none. */
const LONGEST = 16_384;

/**
 * Where a server refuses a login: asks it, without a user, what it wants, for ffmpeg calls wrong what it cannot do. `url` has the address of an RTSP server; null: there is none. That is
 * no login, and locks nobody out.
 */
export function explainLogin<E>(url: string | null): MonoTypeOperatorFunction<E> {
  return catchError((error: unknown) => {
    if (url === null || !(error instanceof SourceError) || error.code !== 'unauthorised') return throwError(() => error);
    return demandOf(url).pipe(
      switchMap((answer) => {
        const unknown = unknownLogin(answer);
        return throwError(() => (unknown === null ? error : new SourceError('unauthorised', unknown, { cause: error })));
      }),
    );
  });
}

/** The head of a server's answer to DESCRIBE; empty where there is none in time. */
function demandOf(url: string): Observable<string> {
  const [, scheme = '', host = '', port, path = ''] =
    /^(rtsps?):\/\/(?:[^\s/?]*@)?(\[[^\]]+\]|[^\s/?:]+)(?::(\d+))?(\S*)$/i.exec(url) ?? [];
  if (host === '') return of('');
  const secure = scheme.toLowerCase() === 'rtsps';
  const at = { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? (secure ? 322 : 554)) };
  return new Observable((subscriber) => {
    let answer = '';
    const tell = (): void => {
      subscriber.next(answer);
      subscriber.complete();
    };
    // Nothing secret is said or believed.
    const socket = secure ? connectSecurely({ ...at, rejectUnauthorized: false }) : connect(at);
    socket.setTimeout(PATIENCE_MS, tell).setEncoding('latin1').on('error', tell).on('close', tell);
    socket.on('data', (piece: string) => {
      answer += piece;
      if (answer.includes('\r\n\r\n') || answer.length > LONGEST) tell();
    });
    socket.write(
      `DESCRIBE ${scheme}://${host}${port === undefined ? '' : `:${port}`}${path} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n`,
    );
    return () => socket.destroy();
  });
}
