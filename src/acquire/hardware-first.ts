import { catchError, defer, type Observable, tap, throwError } from 'rxjs';
import type { Hwaccel } from './hwaccel';
import { hwaccelLog } from './hwaccel-log';

/** Hardware that was to decode a source, and why it does not, in a line. */
export interface HardwareRefusal {
  readonly hwaccel: Hwaccel;
  readonly reason: string;
}

/**
 * Connections to a source that is decoded by hardware, until that is seen not to work: the connection in which it shows is made anew at once without it, if no picture
 * came, and so are all after it. `open` makes one, and hands over the lines of its log; `onRefusal` is told once.
 *
 *    with hardware     -o-#
 *    without              -o-i-i-i-
 *    out               -o--o-i-i-i-      # for want of hardware: onRefusal is called
 */
export function hardwareFirst<E extends { readonly kind: string }>(
  asked: Hwaccel,
  open: (hwaccel: Hwaccel, onLine: (line: string) => void) => Observable<E>,
  onRefusal: (refusal: HardwareRefusal) => void,
): () => Observable<E> {
  let hwaccel = asked;
  const connect = (): Observable<E> =>
    defer(() => {
      if (hwaccel === 'none') return open(hwaccel, () => undefined);
      const log = hwaccelLog();
      let pictures = false;
      const isRefused = (): boolean => {
        const reason = log.refusal();
        if (reason === null) return false;
        hwaccel = 'none';
        onRefusal({ hwaccel: asked, reason });
        return true;
      };
      return open(hwaccel, (line) => pictures || log.read(line)).pipe(
        tap(({ kind }) => {
          if (pictures || (kind !== 'image' && kind !== 'damaged' && kind !== 'skipped')) return;
          pictures = true;
          // It may go on without hardware by itself.
          isRefused();
        }),
        catchError((error: unknown) => (!pictures && isRefused() ? connect() : throwError(() => error))),
      );
    });
  return connect;
}
