import { asyncScheduler, Observable, Subject, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs';
import type { ConnectionEvent } from './connection';

/** For recordings with neither timestamps nor a rate. */
const UNKNOWN_INTERVAL_MS = 40;

/**
 * Plays a recording in real time: each picture when it is due, not earlier, nor later because the next one is far off.
 */
export class Pace {
  /** True while what was read is not due yet: reading should pause. */
  readonly paused = new Subject<boolean>();
  private ahead = 0;

  constructor(
    private readonly now: () => number,
    private readonly scheduler: SchedulerLike = asyncScheduler,
  ) {}

  /** Whether a picture was read that is not due yet. */
  get waits(): boolean {
    return this.ahead > 0;
  }

  /**
   * Counts from the first picture, by the pictures' timestamps; where these run backwards, it starts again. A delayed
   * picture counts as arrived when it was due. Holds loans meanwhile.
   *
   *    in      (abcd|)      (timestamps 0, 2, 4, 9)
   *    out     a-b-c----(d|)
   */
  keep(): OperatorFunction<ConnectionEvent, ConnectionEvent> {
    return (events) =>
      new Observable((subscriber) => {
        const queue: ConnectionEvent[] = [];
        let over: (() => void) | null = null;
        let timer: Subscription | null = null;
        let interval = UNKNOWN_INTERVAL_MS;
        let last: { readonly dueAt: number; readonly seconds: number | null } | null = null;

        /** Null: not a picture; follows the event before it. */
        const dueAt = (event: ConnectionEvent): number | null => {
          if (!('image' in event)) return null;
          const { at, seconds } = event.image;
          if (last === null) return at;
          if (seconds === null || last.seconds === null) return last.dueAt + interval;
          return seconds < last.seconds ? at : last.dueAt + 1000 * (seconds - last.seconds);
        };
        const emit = (event: ConnectionEvent, due: number | null, waited: boolean): void => {
          if (!('image' in event) || due === null) return subscriber.next(event);
          last = { dueAt: due, seconds: event.image.seconds };
          const arrived = waited ? { at: Math.max(due, event.image.at) } : {};
          subscriber.next({ ...event, image: { ...event.image, ...arrived } } as ConnectionEvent);
        };
        const release = (event: ConnectionEvent | undefined): void => void (event && loanOf(event)?.release());
        const emitDue = (): void => {
          timer = null;
          for (let next = queue[0]; next; next = queue[0]) {
            const due = dueAt(next);
            const wait = due === null ? 0 : due - this.now();
            if (wait > 0) return void (timer = this.scheduler.schedule(emitDue, wait));
            queue.shift();
            this.ahead = queue.length;
            emit(next, due, true);
            release(next);
          }
          this.paused.next(false);
          over?.();
        };
        const end = (tellEnd: () => void): void => {
          over = tellEnd;
          if (queue.length === 0) over();
        };

        subscriber.add(() => {
          timer?.unsubscribe();
          queue.splice(0).forEach(release);
          this.ahead = 0;
        });
        subscriber.add(
          events.subscribe({
            next: (event) => {
              if (event.kind === 'opened' && event.announcedRateHz) interval = 1000 / event.announcedRateHz;
              const due = dueAt(event);
              if (queue.length === 0 && (due === null || due <= this.now())) return emit(event, due, false);
              loanOf(event)?.hold();
              this.ahead = queue.push(event);
              if (timer) return;
              this.paused.next(true);
              emitDue();
            },
            error: (error: unknown) => end(() => subscriber.error(error)),
            complete: () => end(() => subscriber.complete()),
          }),
        );
      });
  }
}

const loanOf = (event: ConnectionEvent) => (event.kind === 'image' || event.kind === 'damaged' ? event.image.loan : undefined);
