import { catchError, defer, mergeMap, type Observable, of, throwError } from 'rxjs';
import type { Remade } from '../source';

class Seen extends Error {}

/**
 * Connections that are made as if they needed no more, until a sign is seen that they do: then the connection is made anew at once with what it takes, and so are all after it. `open` makes one;
 * `needed`: whether the first is known to need it. The sign itself is not told; `onSeen` is.
 *
 *    plain    -o-a-s!
 *    with it        -o-e-f-g-
 *    out      -o-a--o-e-f-g-      s the sign
 */
export function reopenWhenSeen<E extends { readonly kind: string }, A extends readonly unknown[]>(
  isSign: (event: E) => boolean,
  open: (needed: boolean, ...rest: A) => Observable<E>,
  onSeen: () => void,
  needed = false,
): (...rest: A) => Observable<E> {
  const connect = (...rest: A): Observable<E> =>
    defer(() => {
      if (needed) return open(true, ...rest);
      return open(false, ...rest).pipe(
        mergeMap((event) => (isSign(event) ? throwError(() => new Seen()) : of(event))),
        catchError((error: unknown) => {
          if (!(error instanceof Seen)) return throwError(() => error);
          needed = true;
          onSeen();
          return connect(...rest);
        }),
      );
    });
  return connect;
}

/** Why a source was opened anew at once, in words for people. */
export const reopenedTexts: Readonly<Record<Remade, string>> = {
  'in-order':
    'pictures come in another order than they are shown in: opened anew with a decoder that puts them in order, each a picture or two later',
  deinterlaced: 'pictures are marked as interlaced: opened anew to deinterlace them, each a picture later (deinterlace=none leaves them)',
};
