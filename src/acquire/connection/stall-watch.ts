import { asyncScheduler, Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import type { ConnectionEvent } from './connection';
import type { Load } from './shed-load';

/** Signs of life of a connection that gives no picture. */
export interface SignsOfLife {
  /** Whether ffmpeg logged anything since the last call: for a network source it logs each packet (`-debug_ts`). */
  heard(): boolean;
  /** Whether no picture is due yet. */
  waits(): boolean;
}

export const noSigns: SignsOfLife = { heard: () => false, waits: () => false };

/** How long a source may be silent, in ms. */
export interface Patience {
  /** Until it is opened; null: for ever. */
  readonly beforeOpenMs: number | null;
  /** While its rate is not known yet, after it was opened. */
  readonly unknownRateMs: number;
  /** Least time without pictures that is reported; at least twice the longest of the latest intervals. */
  readonly noticeMs: number;
  /** Least silence that ends the connection; at least six times the longest of the latest intervals. */
  readonly giveUpMs: number;
}

export type Silence =
  /** Emitted once. `packets`: data arrives, but has given no picture yet. */
  | { readonly kind: 'stalled'; readonly packets?: true }
  /** Emitted at each check from then on. `waits`: none is due, and no `stalled` was emitted. */
  | { readonly kind: 'silent'; readonly waits: boolean };

/** Interval of checks, and so the precision. Silence is counted in checks: a machine that slept has not checked. */
export const CHECK_MS = 100;
/** Heard of within this time, a connection is not silent. */
const LATELY_MS = 1000;
/** Sparing encoders send a key picture every few minutes. Without one for longer, another connection may be better. */
const WITHOUT_PICTURE_MS = 300_000;
/** A paced recording of unknown rate is in a pause after this long without a picture. */
const PAUSE_MS = 3000;

/**
 * Emits `stalled` once when a connection has given no picture for long, then `silent` at each check. Calls `giveUp`
 * when nothing at all is heard of it any more: packets are no silence. A recording that waits for its next picture is
 * only `silent`.
 *
 *    events   -o-i-i-i-i----------i-i-------------------
 *    out      -o-i-i-i-i------szzzi-i------szzzzzzzzzzz      (s stalled, z silent; giveUp is called at the end)
 */
export function stallWatch(
  patience: Patience,
  giveUp: () => void,
  scheduler: SchedulerLike = asyncScheduler,
  signs = noSigns,
): OperatorFunction<ConnectionEvent | Load, ConnectionEvent | Load | Silence> {
  return (events) =>
    new Observable((subscriber) => {
      /** Time since anything was heard and since the latest event, and how much of it nothing was due. */
      let [silentMs, blindMs, idleMs] = [0, 0, 0];
      let opened = false;
      let last: { at: number; seconds: number | null } | null = null;
      const gaps: number[] = [];
      let noticed = false;

      const limits = (): { notice: number; end: number } => {
        const [notice, unknown] = [patience.unknownRateMs / 2, patience.unknownRateMs];
        if (!opened) return { notice: silentMs < LATELY_MS ? notice : Infinity, end: patience.beforeOpenMs ?? Infinity };
        if (gaps.length < 3) return { notice, end: unknown };
        const gap = Math.max(...gaps);
        return { notice: Math.max(patience.noticeMs, 2 * gap), end: Math.max(patience.giveUpMs, 6 * gap) };
      };
      const emitWaiting = (): void => {
        // The median: the longest may be another pause.
        const usual = [...gaps].sort((a, b) => a - b)[(gaps.length - 1) >> 1];
        if (last && idleMs >= (usual === undefined ? PAUSE_MS : Math.max(patience.noticeMs, 2 * usual)))
          subscriber.next({ kind: 'silent', waits: true });
      };
      const emitStalled = (): void => {
        if (noticed) return subscriber.next({ kind: 'silent', waits: false });
        noticed = true;
        subscriber.next(last === null && silentMs < LATELY_MS ? { kind: 'stalled', packets: true } : { kind: 'stalled' });
      };

      const watch = scheduler.schedule(function check() {
        const heard = signs.heard();
        if (signs.waits()) {
          idleMs += CHECK_MS;
          emitWaiting();
          return void this.schedule(undefined, CHECK_MS);
        }
        // An encoder that pushes may come at any time.
        blindMs = heard && !opened && silentMs >= LATELY_MS ? 0 : blindMs + CHECK_MS;
        silentMs = heard ? 0 : silentMs + CHECK_MS;
        const { notice, end } = limits();
        if (blindMs >= notice) emitStalled();
        if (silentMs >= end || blindMs >= Math.max(end, WITHOUT_PICTURE_MS)) giveUp();
        else this.schedule(undefined, CHECK_MS);
      }, CHECK_MS);

      subscriber.add(watch);
      subscriber.add(
        events.subscribe({
          next: (event) => {
            // The next check comes before a whole interval is over.
            [silentMs, blindMs, idleMs] = [-CHECK_MS, -CHECK_MS, -CHECK_MS];
            opened = true;
            if (event.kind === 'image' || event.kind === 'skipped') {
              const { at, seconds } = event.image;
              // Buffered pictures arrive in a bunch: their timestamps tell how far apart they are, unless those jumped.
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
