import { catchError, defer, type Observable, tap, throwError } from 'rxjs';
import { escapeLine } from '../../core/log-text';
import type { Hwaccel } from './input';

/** After one of these ffmpeg ends, or goes on without hardware. */
const refusals =
  /^(?:No device available for decoder|(?:Hardware device|Device) setup failed for decoder|Unrecognized hwaccel|Auto hwaccel disabled|Failed setup for format \w+: hwaccel|\w+ hwaccel requested for input stream .* cannot be initialized|Failed to transfer data to output frame|Impossible to convert between the formats)/;
/** What a device says of itself before. */
const cause = /^\[AVHWDeviceContext @ \w+\] \[error\]|^\[\w+ @ \w+\] \[error\] .*CUDA_ERROR_/;
/** More of a line is not told. */
const LONGEST = 120;

/**
 * Reads the log of an ffmpeg that is to decode by hardware. `refusal`: why it does not, in ffmpeg's words in short; null: nothing of the kind was said. Titles
 * and comments of a source never stand at the beginning of what is said.
 */
export function hwaccelLog(): { readonly read: (line: string) => void; readonly refusal: () => string | null } {
  let refusal: string | null = null;
  let detail: string | null = null;
  return {
    read(line) {
      const words = line.replace(/^(?:\[[^\]]*\] ?)+/, '');
      const text = words.slice(0, LONGEST).replace(/[\s.:]+$/, '');
      if (cause.test(line)) detail ??= text;
      else if (refusals.test(words)) refusal ??= text;
    },
    refusal: () => (refusal === null ? null : escapeLine(detail === null ? refusal : `${refusal} (${detail})`)),
  };
}

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
  requested: Hwaccel,
  open: (hwaccel: Hwaccel, onLine: (line: string) => void) => Observable<E>,
  onRefusal: (refusal: HardwareRefusal) => void,
): () => Observable<E> {
  let hwaccel = requested;
  const connect = (): Observable<E> =>
    defer(() => {
      if (hwaccel === 'none') return open(hwaccel, () => undefined);
      const log = hwaccelLog();
      let pictures = false;
      const isRefused = (): boolean => {
        const reason = log.refusal();
        if (reason === null) return false;
        hwaccel = 'none';
        onRefusal({ hwaccel: requested, reason });
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
