import { catchError, defer, mergeMap, of, throwError, type Observable } from 'rxjs';

class Disorder extends Error {}

/**
 * Connections whose decoder is as quick as can be, until pictures are seen to come in another order than they are shown in: then the connection is made anew at once with one that puts
 * them in order, and so are all after it. `open` makes one. `quick`: whether the first is. What comes out of order is not told.
 *
 *    quick     -o-a-d-!
 *    in order         -o-e-f-g-
 *    out       -o-a-d--o-e-f-g-
 */
export function inOrder<E extends { readonly kind: string }, A extends readonly unknown[]>(
  open: (quick: boolean, ...rest: A) => Observable<E>,
  quick = true,
): (...rest: A) => Observable<E> {
  const connect = (...rest: A): Observable<E> =>
    defer(() => {
      if (!quick) return open(false, ...rest);
      return open(true, ...rest).pipe(
        mergeMap((event) => (event.kind === 'disorder' ? throwError(() => new Disorder()) : of(event))),
        catchError((error: unknown) => {
          if (!(error instanceof Disorder)) return throwError(() => error);
          quick = false;
          return connect(...rest);
        }),
      );
    });
  return connect;
}
