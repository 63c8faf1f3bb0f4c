import { asyncScheduler, Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import type { ConnectionEvent } from './connection';
import type { Load } from './shed-load';

/** What there is to say of a connection that gives no picture. */
export interface SignsOfLife {
  /** Whether ffmpeg said anything since this was asked before: of a network it is told of each packet (`-debug_ts`), and says all it says because something arrived. */
  heard(): boolean;
  /** Whether no picture is due yet. */
  waits(): boolean;
}

/** Nobody tells. */
export const noSigns: SignsOfLife = { heard: () => false, waits: () => false };

/** How long a source may be silent. */
export interface Patience {
  /** Up to the first pictures, while the rate is not known yet; null: for ever, until the source was opened. */
  readonly beforeOpenMs: number | null;
  /** While the rate is not known yet. */
  readonly unknownRateMs: number;
  /** Time without pictures that is reported, at least; more where the source itself is slow (twice the longest of its latest intervals). */
  readonly noticeMs: number;
  /** Silence that ends the connection, at least; more where the source itself is slow (six times that). */
  readonly giveUpMs: number;
}

/** That no picture comes. */
export type Silence =
  /** Told once. `packets`: something does come, but no picture has come of it yet. */
  | { readonly kind: 'stalled'; readonly packets?: true }
  /** Told at each look from then on. `waits`: none is due, and then no `stalled` was told. */
  | { readonly kind: 'silent'; readonly waits: boolean };

/** The time between two looks, and so the precision. Silence is counted in looks: a machine that slept or was busy has not looked. */
export const CHECK_MS = 100;
/** So lately heard of is not silent. */
const LATELY_MS = 1000;
/** Encoders that save send a key picture in minutes. After more time without one another connection may be better. */
const WITHOUT_PICTURE_MS = 300_000;
/** A paced recording without a known rate pauses when it has given no picture for so long. */
const PAUSE_MS = 3000;

/**
 * Says `stalled` once when a connection has given no picture for long, then `silent` at each look, and calls `giveUp` when nothing at all is heard of it any more: packets are no
 * silence. A recording that waits until its next picture is due is `silent` and no more.
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
      /** Since anything was heard, and since the latest event; for how much of that nothing was due. */
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
        // Not the longest: that may be another pause.
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
        // An encoder that pushes begins when it comes.
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
            // The next look comes before a whole interval is over.
            [silentMs, blindMs, idleMs] = [-CHECK_MS, -CHECK_MS, -CHECK_MS];
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
