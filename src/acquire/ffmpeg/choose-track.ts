import { catchError, defer, mergeMap, of, throwError, type Observable } from 'rxjs';
import { SourceError } from '../source';
import { largestTrack, type Tracks } from './tracks';

class LargerTrack extends Error {
  constructor(readonly track: number) {
    super();
  }
}

/**
 * Connects to the requested track, or else (null) to the one with the largest pictures. If that is not the one that was
 * opened, it is opened at once instead, before any picture, and from then on first. `open` makes a connection.
 *
 *    first track   -ot!
 *    second track     -ot-a-b-
 *    out           -o--ot-a-b-      t tracks: the second is larger
 */
export function chooseTrack<E extends { readonly kind: string }, A extends readonly unknown[]>(
  open: (track: number, ...rest: A) => Observable<E | ({ readonly kind: 'tracks' } & Tracks)>,
  requested: number | null,
): (...rest: A) => Observable<E | ({ readonly kind: 'tracks' } & Tracks)> {
  let track = requested ?? 1;
  return (...rest) => {
    const connect = (settled: boolean): ReturnType<typeof open> =>
      defer(() =>
        open(track, ...rest).pipe(
          mergeMap((event) => {
            const best = !settled && isTracks(event) ? largestTrack(event.all) : track;
            return best === track ? of(event) : throwError(() => new LargerTrack(best));
          }),
          catchError((error: unknown) => {
            if (error instanceof LargerTrack) track = error.track;
            // The source may have changed and no longer have this track.
            else if (requested === null && error instanceof SourceError && error.code === 'no-video') track = 1;
            return error instanceof LargerTrack ? connect(true) : throwError(() => error);
          }),
        ),
      );
    return connect(requested !== null);
  };
}

const isTracks = (event: { readonly kind: string }): event is { readonly kind: 'tracks' } & Tracks => event.kind === 'tracks';
