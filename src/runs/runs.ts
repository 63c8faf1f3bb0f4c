import { Observable, Subject, type OperatorFunction } from 'rxjs';
import { Cadence } from '../acquisitions/cadence';
import { isWithoutAcquisition, type ClassifiedFrame } from '../acquisitions/classified-frame';
import { type Acquisition, type RunAcquisition, sameGeometry } from '../frame';
import type { RunEnd, RunEndReason, FrameOrRun } from './run';

/** Two images closer than this are a run; further apart, they need a third at the same pace. */
const SURE_PACE_MS = 1000;
/** Hold before a run's pace is known (from three acquisitions); the slowest suites take an image every two seconds. */
const UNKNOWN_PACE_MS = 3000;
/**
 * Intervals without a new acquisition that make a last image hold, with bounds in ms: runs slow down in late phases.
 */
const HELD_INTERVALS = 3.5;
const MIN_HOLD_MS = 1500;
const MAX_HOLD_MS = 12000;
/** Pictures dropped in a gap this short cannot hide a hold. */
const NEGLIGIBLE_GAP_MS = 250;

/** Acquisitions that wait until the image area is known, which takes fewer. */
const MAX_WAITING = 8;

class OpenRun {
  readonly acquisitions = new Subject<RunAcquisition>();
  readonly end = new Subject<RunEnd>();
  private readonly cadence = new Cadence();
  private count = 0;
  private last: Acquisition | null = null;
  private unusableUntil = -Infinity;

  constructor(readonly id: string) {}

  add(acquisition: Acquisition): void {
    this.cadence.add(acquisition.frame.capturedAt);
    this.last = acquisition;
    this.acquisitions.next({ ...acquisition, run: this.id, number: this.count++ });
  }

  /** Pictures up to this time cannot show a hold, which extends the run, within bounds. */
  noteUnusable(at: number): void {
    this.unusableUntil = Math.min(at, capturedAt(this.last ?? undefined) + MAX_HOLD_MS);
  }

  /** An acquisition up to then still belongs to the run. */
  get openUntil(): number {
    const { interval } = this.cadence;
    const hold = interval === null ? UNKNOWN_PACE_MS : Math.min(Math.max(HELD_INTERVALS * interval, MIN_HOLD_MS), MAX_HOLD_MS);
    return this.last === null ? Infinity : Math.max(this.last.frame.capturedAt, this.unusableUntil) + hold;
  }

  fits(acquisition: Acquisition): boolean {
    return this.last === null || sameGeometry(this.last, acquisition);
  }

  close(end: Omit<RunEnd, 'acquisitions'>): void {
    this.end.next({ ...end, acquisitions: this.count });
    this.end.complete();
    this.acquisitions.complete();
  }
}

/**
 * Groups acquisitions into runs. A run starts with its second acquisition (at a slow pace with its third) and ends when
 * none has come for several of its own intervals, the geometry changes, or the source is lost or over. A hold must be
 * seen: time with damaged pictures, or with none at all, does not count, unless it is long or a recording pauses. No
 * frame rate is assumed.
 *
 *    in   --u----u-----u--r--r--r--r-----u-----r-----|
 *    out  --u----(uA)--u--r--r--r--r-----u-----(rS)--|      A a run, S the last acquisition alone; all input passes
 *      A         (ab)--c-----------|
 *
 * While the image area is unknown, acquisitions wait.
 */
export function runs(stream: string, name: (count: number) => string): OperatorFunction<ClassifiedFrame, FrameOrRun> {
  return (events) =>
    new Observable((subscriber) => {
      let count = 0;
      let open: OpenRun | null = null;
      let waiting: readonly Acquisition[] = [];
      let latest = 0;
      let examinedAt = -Infinity;
      let areaUnknown = false;

      const emitLone = (at: number): void => {
        for (const acquisition of waiting) subscriber.next({ kind: 'lone', at, acquisition });
        waiting = [];
      };
      const close = (at: number, reason: RunEndReason): void => {
        emitLone(at);
        open?.close({ at, reason });
        open = null;
      };
      const startRun = (first: readonly Acquisition[]): void => {
        open = new OpenRun(name(count++));
        const { id, acquisitions, end } = open;
        const [startedAt, knownAt] = [capturedAt(first[0]), capturedAt(first.at(-1))];
        waiting = [];
        subscriber.next({ kind: 'run', stream, id, startedAt, knownAt, opening: first.length, acquisitions, end });
        for (const acquisition of first) open.add(acquisition);
      };
      /** Of three, the first stood alone before the run if the third follows much sooner than the second. */
      const waitForNext = (acquisition: Acquisition): void => {
        const [first, second] = waiting;
        if (!first) waiting = [acquisition];
        else if (second) {
          const [before, gap] = [capturedAt(second) - capturedAt(first), capturedAt(acquisition) - capturedAt(second)];
          if (gap * 2 >= before) return startRun([first, second, acquisition]);
          waiting = [first];
          emitLone(capturedAt(acquisition));
          startRun([second, acquisition]);
        } else if (capturedAt(acquisition) - capturedAt(first) <= SURE_PACE_MS) startRun([first, acquisition]);
        else waiting = [first, acquisition];
      };
      const waitForArea = (acquisition: Acquisition): void => {
        waiting = [...waiting, acquisition];
        if (waiting.length <= MAX_WAITING) return;
        const [first, ...others] = waiting as [Acquisition, ...Acquisition[]];
        waiting = others;
        subscriber.next({ kind: 'lone', at: capturedAt(acquisition), acquisition: first });
      };
      /** A picture long after the hold was due shows nothing of the time between: the run ended when it was due. */
      const endIfHeld = (at: number): void => {
        const until = open?.openUntil ?? Infinity;
        if (at > until) close(at - until > NEGLIGIBLE_GAP_MS ? until : at, 'held');
      };
      const advance = (at: number): void => {
        endIfHeld(at);
        if (waiting.length > 0 && at - capturedAt(waiting.at(-1)) > UNKNOWN_PACE_MS) emitLone(at);
      };
      const add = (acquisition: Acquisition): void => {
        const at = capturedAt(acquisition);
        advance(at);
        if (open && !open.fits(acquisition)) close(at, 'changed');
        if (open) return open.add(acquisition);
        if (areaUnknown) return waitForArea(acquisition);
        const previous = waiting.at(-1);
        if (previous && !sameGeometry(previous, acquisition)) emitLone(at);
        waitForNext(acquisition);
      };

      /** Groups the waiting acquisitions, now cut to the known image area. */
      const reframe = (acquisitions: readonly Acquisition[]): void => {
        const byIndex = new Map(acquisitions.map((acquisition) => [acquisition.frame.index, acquisition]));
        const pending = waiting;
        waiting = [];
        for (const acquisition of pending) {
          const inArea = byIndex.get(acquisition.frame.index);
          if (inArea) add(inArea);
          else subscriber.next({ kind: 'lone', at: capturedAt(acquisition), acquisition });
        }
      };

      const subscription = events.subscribe({
        next: (event) => {
          latest = timeOf(event);
          if (event.kind === 'unique' || isWithoutAcquisition(event)) examinedAt = latest;
          subscriber.next(event);
          if (event.kind === 'unique') add(event.acquisition);
          else if (event.kind === 'area') areaUnknown = !event.found.settled;
          else if (event.kind === 'reframed') reframe(event.acquisitions);
          else if (isWithoutAcquisition(event)) advance(event.frame.capturedAt);
          else if (event.kind === 'dropped') {
            if (event.reason !== 'overload' || event.at - examinedAt > NEGLIGIBLE_GAP_MS) open?.noteUnusable(event.at);
            advance(event.at);
          } else if (event.kind === 'silent') {
            if (event.waits) advance(event.at);
            else endIfHeld(event.at - MAX_HOLD_MS);
          } else if (event.kind === 'lost' || event.kind === 'ended') close(event.at, event.kind);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          close(latest, 'ended');
          subscriber.complete();
        },
      });
      return () => subscription.unsubscribe();
    });
}

const timeOf = (event: ClassifiedFrame): number => {
  if (event.kind === 'unique') return capturedAt(event.acquisition);
  return isWithoutAcquisition(event) ? event.frame.capturedAt : event.at;
};

const capturedAt = (acquisition: Acquisition | undefined): number => acquisition?.frame.capturedAt ?? 0;
