import { catchError, defer, type Observable, tap, throwError } from 'rxjs';
import { escapeLine } from '../../core/log-text';
import type { Hwaccel } from './input';

/** Messages after which ffmpeg ends or continues in software. */
const refusals =
  /^(?:No device available for decoder|(?:Hardware device|Device) setup failed for decoder|Unrecognized hwaccel|Auto hwaccel disabled|Failed setup for format \w+: hwaccel|\w+ hwaccel requested for input stream .* cannot be initialized|Failed to transfer data to output frame|Impossible to convert between the formats)/;
/** Errors of the device itself that come before them. */
const cause = /^\[AVHWDeviceContext @ \w+\] \[error\]|^\[\w+ @ \w+\] \[error\] .*CUDA_ERROR_/;
/** Longest excerpt of a line. */
const LONGEST = 120;

/**
 * Reads the log of an ffmpeg that should decode in hardware. `refusal`: why it does not, in ffmpeg's words; null: no
 * sign of that. Metadata of a source (title, comment) never stands at the start of a message.
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

/** The requested hardware, and in one line why it does not decode the source. */
export interface HardwareRefusal {
  readonly hwaccel: Hwaccel;
  readonly reason: string;
}

/**
 * Connects with hardware decoding until that proves not to work. If no picture has come by then, the connection is
 * reopened at once in software, and so are all later ones. `open` makes a connection and passes on the lines of its
 * log; `onRefusal` is called once.
 *
 *    with hardware     -o-#
 *    without              -o-i-i-i-
 *    out               -o--o-i-i-i-      # no hardware: onRefusal is called
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
          // ffmpeg may have switched to software by itself.
          isRefused();
        }),
        catchError((error: unknown) => (!pictures && isRefused() ? connect() : throwError(() => error))),
      );
    });
  return connect;
}
