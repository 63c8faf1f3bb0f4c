import { asyncScheduler, Observable } from 'rxjs';
import type { OperatorFunction, SchedulerLike } from 'rxjs';
import type { ConnectionEvent } from './connection';
import type { Load } from './shed-load';

/** How long a source may be silent. */
export interface Patience {
  /** Up to the first pictures, while the rate is not known yet; null: for ever, until the source was opened. */
  readonly beforeOpenMs: number | null;
  /** While the rate is not known yet. */
  readonly unknownRateMs: number;
  /** Silence that is reported, at least; more where the source itself is slow (twice the longest of its latest intervals). */
  readonly noticeMs: number;
  /** Silence that ends the connection, at least; more where the source itself is slow (six times that). */
  readonly giveUpMs: number;
}

/** The time between two looks, and so the precision. Silence is counted in looks: a machine that slept or was busy has not looked. */
export const lookEveryMs = 100;

/** Says `stalled` once when a connection has been silent for long, and calls `giveUp` when it stays silent.
 *
 *    events   -o-i-i-i-i----------i-i-------------------
 *    out      -o-i-i-i-i------s---i-i------s------------      (giveUp is called at the end)
 */
export function stallWatch(
  patience: Patience,
  giveUp: () => void,
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<ConnectionEvent | Load, ConnectionEvent | Load | { readonly kind: 'stalled' }> {
  return (events) =>
    new Observable((subscriber) => {
      let silentMs = 0;
      let opened = false;
      let last: { at: number; seconds: number | null } | null = null;
      const gaps: number[] = [];
      let noticed = false;

      const limits = (): { notice: number; end: number } => {
        if (!opened) return { notice: Infinity, end: patience.beforeOpenMs ?? Infinity };
        if (gaps.length < 3) return { notice: patience.unknownRateMs / 2, end: patience.unknownRateMs };
        const gap = Math.max(...gaps);
        return { notice: Math.max(patience.noticeMs, 2 * gap), end: Math.max(patience.giveUpMs, 6 * gap) };
      };

      const watch = scheduler.schedule(function look() {
        silentMs += lookEveryMs;
        const { notice, end } = limits();
        if (silentMs >= notice && !noticed) {
          noticed = true;
          subscriber.next({ kind: 'stalled' });
        }
        if (silentMs >= end) giveUp();
        else this.schedule(undefined, lookEveryMs);
      }, lookEveryMs);

      subscriber.add(watch);
      subscriber.add(
        events.subscribe({
          next: (event) => {
            // The next look comes before a whole interval is over.
            silentMs = -lookEveryMs;
            opened = true;
            if (event.kind === 'image' || event.kind === 'skipped') {
              const { at, seconds } = event.image;
              // Pictures that were read ahead arrive in a bunch: their own times tell how far apart they are, unless those jumped.
              const own = last !== null && seconds !== null && last.seconds !== null ? (seconds - last.seconds) * 1000 : 0;
              if (last) gaps.push(Math.max(at - last.at, own <= patience.unknownRateMs ? own : 0));
              if (gaps.length > 16) gaps.shift();
              last = { at, seconds };
              noticed = false;
            }
            subscriber.next(event);
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    });
}
