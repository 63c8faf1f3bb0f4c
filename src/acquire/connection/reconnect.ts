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

/** How long to wait after the n-th failure in a row, n from 1: at most 250 ms at first, then twice as long each time, up to 5 s. `random`: 0…1. */
export function retryDelayMs(failures: number, random: number): number {
  const longest = Math.min(5000, 250 * 2 ** (Math.max(1, failures) - 1));
  return longest * (0.5 + 0.5 * random);
}

/** How long to wait after the n-th refusal in a row of who asks, n from 1: a minute, then twice as long each time, up to half an hour. Cameras lock out who is wrong five times. */
export const refusedDelayMs = (refusals: number): number => 60_000 * Math.min(30, 2 ** (Math.max(1, refusals) - 1));

/** What reconnecting adds and needs to know; E is what a connection gives. */
export interface ReconnectPolicy<E> {
  /** The word for "attempt n begins". */
  readonly connecting: (attempt: number) => E;
  /** Pictures flow: counting starts anew. */
  readonly isFlowing: (event: E) => boolean;
  /** The last words of a connection that failed; null: trying again is pointless. */
  readonly lost: (error: unknown) => E | null;
  /** Whether these last words tell that the same question will be refused again, and should be asked but seldom. */
  readonly isRefusal?: (event: E) => boolean;
  /** The last words of a connection that completed; null: say nothing and connect again at once. */
  readonly completed: () => E | null;
  /** Nothing comes after this. */
  readonly isOver: (event: E) => boolean;
  /**
   * Emits when it becomes clear that trying again is worth it: before the delay is over, or while an attempt still waits for its first answer. A cable that
   * is plugged in again is of no use to a connection that asks ever less often.
   */
  readonly retryNow?: Observable<unknown>;
  readonly random: () => number;
  readonly scheduler?: SchedulerLike;
}

/** How long an attempt may wait for its first answer before it is asked whether another would do better. */
const patienceMs = 1000;

/** Connects again and again, for ever. Errors only where trying again is pointless.
 *
 *    connect      -i-i-#          -#               -i-i-#
 *    out          c-i-i-l----c--l--------c-i-i-l----c      (c connecting, l lost)
 */
export function reconnecting<E>(connect: () => Observable<E>, policy: ReconnectPolicy<E>): Observable<E> {
  return defer(() => {
    let attempts = 0;
    let refusals = 0;
    let refused = false;
    let again = false;
    const attempt = defer(() => {
      attempts += 1;
      again = false;
      refused = false;
      let answered = false;
      const better = timer(patienceMs, policy.scheduler ?? asyncScheduler).pipe(
        switchMap(() => (answered ? EMPTY : (policy.retryNow ?? EMPTY))),
        filter(() => !answered),
        tap(() => (again = true)),
      );
      const connection = connect().pipe(
        tap((event) => {
          answered = true;
          if (policy.isFlowing(event)) [attempts, refusals] = [0, 0];
        }),
        takeUntil(better),
      );
      const ending = defer(() => {
        if (again) return EMPTY;
        const event = policy.completed();
        again = event === null;
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
      const wait = timer(again ? 0 : longMs, policy.scheduler ?? asyncScheduler);
      return policy.retryNow && !again ? merge(wait, policy.retryNow).pipe(take(1)) : wait;
    };
    return attempt.pipe(
      repeat({ delay }),
      takeWhile((event) => !policy.isOver(event), true),
    );
  });
}

class SignSeen extends Error {}

/**
 * Connections that are made as if they needed no more, until a sign is seen that they do: then the connection is made anew at once with what it takes, and so are all after it. `open` makes one;
 * `needed`: whether the first is known to need it. The sign itself is not told; `onSeen` is.
 *
 *    plain    -o-a-s!
 *    with it        -o-e-f-g-
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

/** Why a source was opened anew at once, in words for people. */
export const reopenTexts: Readonly<Record<ReopenReason, string>> = {
  'in-order':
    'pictures come in another order than they are shown in: opened anew with a decoder that puts them in order, each a picture or two later',
  deinterlaced: 'pictures are marked as interlaced: opened anew to deinterlace them, each a picture later (deinterlace=none leaves them)',
};
