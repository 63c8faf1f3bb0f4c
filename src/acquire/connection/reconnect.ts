import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  merge,
  mergeMap,
  type Observable,
  of,
  repeat,
  type SchedulerLike,
  switchMap,
  take,
  takeUntil,
  takeWhile,
  tap,
  throwError,
  timer,
} from 'rxjs';
import type { ReopenReason } from '../source';

/**
 * Delay after the n-th failure in a row, n from 1: at most 250 ms at first, doubled each time, up to 5 s, of which
 * `random` (0…1) takes at least half.
 */
export function retryDelayMs(failures: number, random: number): number {
  const longest = Math.min(5000, 250 * 2 ** (Math.max(1, failures) - 1));
  return longest * (0.5 + 0.5 * random);
}

/**
 * Delay after the n-th refused login in a row, n from 1: a minute, doubled each time, up to half an hour. Cameras lock
 * users out after five wrong logins.
 */
export const refusedDelayMs = (refusals: number): number => 60_000 * Math.min(30, 2 ** (Math.max(1, refusals) - 1));

/** What `reconnecting` adds and needs to know; E: the events of a connection. */
export interface ReconnectPolicy<E> {
  /** The event for the start of attempt n. */
  readonly connecting: (attempt: number) => E;
  /** Whether pictures flow, which resets the delays. */
  readonly isFlowing: (event: E) => boolean;
  /** The event for a failed connection; null: trying again is pointless. */
  readonly lost: (error: unknown) => E | null;
  /** Whether that event is a refused login, which should rarely be tried again. */
  readonly isRefusal?: (event: E) => boolean;
  /** The event for a completed connection; null: none, and reconnect at once. */
  readonly completed: () => E | null;
  /** Whether this is the last event. */
  readonly isOver: (event: E) => boolean;
  /**
   * Emits when trying again promises success: it ends the delay, or an attempt that still waits for its first event.
   * Otherwise a cable that is plugged in again would wait for ever rarer attempts.
   */
  readonly retryNow?: Observable<unknown>;
  readonly random: () => number;
  readonly scheduler?: SchedulerLike;
}

/** How long an attempt may wait for its first event before `retryNow` can replace it. */
const patienceMs = 1000;

/**
 * Reconnects for ever. Errors only where trying again is pointless.
 *
 *    connect      --i-i-#    ---#        --i-i-#
 *    out          c-i-i-l----c--l--------c-i-i-l----c      (c connecting, l lost)
 */
export function reconnecting<E>(connect: () => Observable<E>, policy: ReconnectPolicy<E>): Observable<E> {
  return defer(() => {
    let attempts = 0;
    let refusals = 0;
    let refused = false;
    let retryAtOnce = false;
    const attempt = defer(() => {
      attempts += 1;
      retryAtOnce = false;
      refused = false;
      let answered = false;
      const replaced = timer(patienceMs, policy.scheduler ?? asyncScheduler).pipe(
        switchMap(() => (answered ? EMPTY : (policy.retryNow ?? EMPTY))),
        filter(() => !answered),
        tap(() => (retryAtOnce = true)),
      );
      const connection = connect().pipe(
        tap((event) => {
          answered = true;
          if (policy.isFlowing(event)) [attempts, refusals] = [0, 0];
        }),
        takeUntil(replaced),
      );
      const ending = defer(() => {
        if (retryAtOnce) return EMPTY;
        const event = policy.completed();
        retryAtOnce = event === null;
        return event === null ? EMPTY : of(event);
      });
      return concat(of(policy.connecting(attempts)), connection, ending).pipe(
        catchError((error: unknown) => {
          const event = policy.lost(error);
          refused = event !== null && policy.isRefusal?.(event) === true;
          if (refused) refusals += 1;
          return event === null ? throwError(() => error) : of(event);
        }),
      );
    });
    const delay = () => {
      const longMs = refused ? refusedDelayMs(refusals) : retryDelayMs(attempts, policy.random());
      const wait = timer(retryAtOnce ? 0 : longMs, policy.scheduler ?? asyncScheduler);
      return policy.retryNow && !retryAtOnce ? merge(wait, policy.retryNow).pipe(take(1)) : wait;
    };
    return attempt.pipe(
      repeat({ delay }),
      takeWhile((event) => !policy.isOver(event), true),
    );
  });
}

class SignSeen extends Error {}

/**
 * Connects without something that costs time, until an event is the sign that it is needed: then reopens the connection
 * at once with it, and so for all later ones. `open` makes a connection; `needed`: known to be needed from the start.
 * The sign itself is not emitted; `onReopen` is called.
 *
 *    plain    -o-a-s
 *    with it       -o-e-f-g-
 *    out      -o-a--o-e-f-g-      s the sign
 */
export function reopenOnSign<E extends { readonly kind: string }, A extends readonly unknown[]>(
  isSign: (event: E) => boolean,
  open: (needed: boolean, ...rest: A) => Observable<E>,
  onReopen: () => void,
  needed = false,
): (...rest: A) => Observable<E> {
  const connect = (...rest: A): Observable<E> =>
    defer(() => {
      if (needed) return open(true, ...rest);
      return open(false, ...rest).pipe(
        mergeMap((event) => (isSign(event) ? throwError(() => new SignSeen()) : of(event))),
        catchError((error: unknown) => {
          if (!(error instanceof SignSeen)) return throwError(() => error);
          needed = true;
          onReopen();
          return connect(...rest);
        }),
      );
    });
  return connect;
}

export const reopenTexts: Readonly<Record<ReopenReason, string>> = {
  'in-order': 'pictures arrive out of display order: reopened with a decoder that reorders them, each a picture or two later',
  deinterlaced: 'pictures are interlaced: reopened to deinterlace them, each a picture later (deinterlace=none leaves them as they are)',
};
