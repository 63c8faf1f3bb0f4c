import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  merge,
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

/** How long to wait after the n-th failure in a row, n from 1: at most 250 ms at first, then twice as long each time, up to 5 s. `random`: 0…1. */
export function retryDelayMs(failures: number, random: number): number {
  const longest = Math.min(5000, 250 * 2 ** (Math.max(1, failures) - 1));
  return longest * (0.5 + 0.5 * random);
}

/** How long to wait after the n-th refusal in a row of who asks, n from 1: a minute, then twice as long each time, up to half an hour. Cameras lock out who is wrong five times. */
export const refusedDelayMs = (refusals: number): number => 60_000 * Math.min(30, 2 ** (Math.max(1, refusals) - 1));

/** What reconnecting adds and needs to know; E is what a connection gives. */
export interface Reconnecting<E> {
  /** The word for "attempt n begins". */
  readonly connecting: (attempt: number) => E;
  /** Pictures flow: counting starts anew. */
  readonly flows: (event: E) => boolean;
  /** The last words of a connection that failed; null: trying again is pointless. */
  readonly lost: (error: unknown) => E | null;
  /** Whether these last words tell that the same question will be refused again, and should be asked but seldom. */
  readonly refuses?: (words: E) => boolean;
  /** The last words of a connection that completed; null: say nothing and connect again at once. */
  readonly completed: () => E | null;
  /** Nothing comes after this. */
  readonly over: (event: E) => boolean;
  /**
   * Emits when it becomes clear that trying again is worth it: before the delay is over, or while an attempt still waits for its first answer. A cable that
   * is plugged in again is of no use to a connection that asks ever less often.
   */
  readonly sooner?: Observable<unknown>;
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
export function reconnecting<E>(connect: () => Observable<E>, policy: Reconnecting<E>): Observable<E> {
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
        switchMap(() => (answered ? EMPTY : (policy.sooner ?? EMPTY))),
        filter(() => !answered),
        tap(() => (again = true)),
      );
      const connection = connect().pipe(
        tap((event) => {
          answered = true;
          if (policy.flows(event)) [attempts, refusals] = [0, 0];
        }),
        takeUntil(better),
      );
      const ending = defer(() => {
        if (again) return EMPTY;
        const words = policy.completed();
        again = words === null;
        return words === null ? EMPTY : of(words);
      });
      return concat(of(policy.connecting(attempts)), connection, ending).pipe(
        catchError((error: unknown) => {
          const words = policy.lost(error);
          refused = words !== null && policy.refuses?.(words) === true;
          if (refused) refusals += 1;
          return words === null ? throwError(() => error) : of(words);
        }),
      );
    });
    const delay = () => {
      const longMs = refused ? refusedDelayMs(refusals) : retryDelayMs(attempts, policy.random());
      const wait = timer(again ? 0 : longMs, policy.scheduler ?? asyncScheduler);
      return policy.sooner && !again ? merge(wait, policy.sooner).pipe(take(1)) : wait;
    };
    return attempt.pipe(
      repeat({ delay }),
      takeWhile((event) => !policy.over(event), true),
    );
  });
}
