import { Observable, Subject, type OperatorFunction } from 'rxjs';
import { Cadence } from '../acquisitions/cadence';
import { isWithoutAcquisition, type ClassifiedFrame } from '../acquisitions/classified-frame';
import { type Acquisition, type RunAcquisition, sameGeometry } from '../frame';
import type { RunEnd, RunEndReason, FrameOrRun } from './run';

/** Two images closer than this are a run; a picture that stood longer before the next must prove that it belongs: by a third at the same pace. */
const SURE_PACE_MS = 1000;
/** A run's pace is unknown before its third acquisition; the slowest suites take one image in two seconds. */
const UNKNOWN_PACE_MS = 3000;
/** Intervals without a new acquisition that make a last image hold, and the bounds of that time. Runs slow down in late phases, pedals are let go. */
const HELD_INTERVALS = 3.5;
const SHORTEST_HOLD_MS = 1500;
const LONGEST_HOLD_MS = 12000;
/** Pictures left out between two that are looked at so soon after one another hide no hold. */
const LOOKED_MS = 250;

/** So many acquisitions wait until the image area is known; a place is settled sooner. */
const MOST_UNFRAMED = 8;

class OpenRun {
  readonly acquisitions = new Subject<RunAcquisition>();
  readonly end = new Subject<RunEnd>();
  private readonly cadence = new Cadence();
  private count = 0;
  private last: Acquisition | null = null;
  private unseenUntil = -Infinity;

  constructor(readonly id: string) {}

  add(acquisition: Acquisition): void {
    this.cadence.add(acquisition.frame.capturedAt);
    this.last = acquisition;
    this.acquisitions.next({ ...acquisition, run: this.id, number: this.count++ });
  }

  /** Up to this time pictures came that show nothing. A hold must be seen, though not for ever. */
  unseen(at: number): void {
    this.unseenUntil = Math.min(at, capturedAt(this.last ?? undefined) + LONGEST_HOLD_MS);
  }

  /** An acquisition until then would still belong to the run. */
  get coversUntil(): number {
    const { interval } = this.cadence;
    const hold = interval === null ? UNKNOWN_PACE_MS : Math.min(Math.max(HELD_INTERVALS * interval, SHORTEST_HOLD_MS), LONGEST_HOLD_MS);
    return this.last === null ? Infinity : Math.max(this.last.frame.capturedAt, this.unseenUntil) + hold;
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
 * Groups acquisitions into runs. A run begins with its second acquisition (one image is no run; at a slow pace, its third) and ends when none has come for several of its
 * own intervals (damaged pictures do not count: a hold must be seen; nor does time in which none comes, unless it is long or a recording waits), the picture's geometry
 * changes, or the source goes or is over. No frame rate enters: a slow run stays a run.
 *
 *    sightings  --u----u-----u--r--r--r--r-----u-----r-----|
 *    out        --u----(uA)--u--r--r--r--r-----u-----(rS)--|      A a run, S: the last one stood alone; sightings pass
 *      A               (ab)--c-----------|
 *
 * As long as nobody knows where the image lies in the picture, acquisitions wait.
 */
export function runs(stream: string, name: (count: number) => string): OperatorFunction<ClassifiedFrame, FrameOrRun> {
  return (sightings) =>
    new Observable((subscriber) => {
      let count = 0;
      let open: OpenRun | null = null;
      let waiting: readonly Acquisition[] = [];
      let latest = 0;
      let lookedAt = -Infinity;
      /** Where the image lies is not known yet: what comes waits. */
      let unframed = false;

      const leaveAlone = (at: number): void => {
        for (const acquisition of waiting) subscriber.next({ kind: 'lone', at, acquisition });
        waiting = [];
      };
      const close = (at: number, reason: RunEndReason): void => {
        leaveAlone(at);
        open?.close({ at, reason });
        open = null;
      };
      const begin = (first: readonly Acquisition[]): void => {
        open = new OpenRun(name(count++));
        const { id, acquisitions, end } = open;
        const [startedAt, knownAt] = [capturedAt(first[0]), capturedAt(first.at(-1))];
        waiting = [];
        subscriber.next({ kind: 'run', stream, id, startedAt, knownAt, opening: first.length, acquisitions, end });
        for (const acquisition of first) open.add(acquisition);
      };
      /** Waits for company. The first of two far apart, followed by a third much sooner, was a picture that stood before the run. */
      const wait = (acquisition: Acquisition): void => {
        const [first, second] = waiting;
        if (!first) waiting = [acquisition];
        else if (second) {
          const [before, gap] = [capturedAt(second) - capturedAt(first), capturedAt(acquisition) - capturedAt(second)];
          if (gap * 2 >= before) return begin([first, second, acquisition]);
          waiting = [first];
          leaveAlone(capturedAt(acquisition));
          begin([second, acquisition]);
        } else if (capturedAt(acquisition) - capturedAt(first) <= SURE_PACE_MS) begin([first, acquisition]);
        else waiting = [first, acquisition];
      };
      const waitForArea = (acquisition: Acquisition): void => {
        waiting = [...waiting, acquisition];
        if (waiting.length <= MOST_UNFRAMED) return;
        const [first, ...others] = waiting as [Acquisition, ...Acquisition[]];
        waiting = others;
        subscriber.next({ kind: 'lone', at: capturedAt(acquisition), acquisition: first });
      };
      /** A picture that comes long after says nothing of the time before: the run was over when none was due any more. */
      const hold = (at: number): void => {
        const until = open?.coversUntil ?? Infinity;
        if (at > until) close(at - until > LOOKED_MS ? until : at, 'held');
      };
      const pass = (at: number): void => {
        hold(at);
        if (waiting.length > 0 && at - capturedAt(waiting.at(-1)) > UNKNOWN_PACE_MS) leaveAlone(at);
      };
      const add = (acquisition: Acquisition): void => {
        const at = capturedAt(acquisition);
        pass(at);
        if (open && !open.fits(acquisition)) close(at, 'changed');
        if (open) return open.add(acquisition);
        if (unframed) return waitForArea(acquisition);
        const company = waiting.at(-1);
        if (company && !sameGeometry(company, acquisition)) leaveAlone(at);
        wait(acquisition);
      };

      /** Waiting acquisitions in the image area that is known now: they make their runs. */
      const reframe = (acquisitions: readonly Acquisition[]): void => {
        const known = new Map(acquisitions.map((acquisition) => [acquisition.frame.index, acquisition]));
        const before = waiting;
        waiting = [];
        for (const acquisition of before) {
          const framed = known.get(acquisition.frame.index);
          if (framed) add(framed);
          else subscriber.next({ kind: 'lone', at: capturedAt(acquisition), acquisition });
        }
      };

      const subscription = sightings.subscribe({
        next: (sighting) => {
          latest = timeOf(sighting);
          if (sighting.kind === 'unique' || isWithoutAcquisition(sighting)) lookedAt = latest;
          subscriber.next(sighting);
          if (sighting.kind === 'unique') add(sighting.acquisition);
          else if (sighting.kind === 'area') unframed = !sighting.found.settled;
          else if (sighting.kind === 'reframed') reframe(sighting.acquisitions);
          else if (isWithoutAcquisition(sighting)) pass(sighting.frame.capturedAt);
          else if (sighting.kind === 'dropped') {
            if (sighting.reason !== 'overload' || sighting.at - lookedAt > LOOKED_MS) open?.unseen(sighting.at);
            pass(sighting.at);
          } else if (sighting.kind === 'silent') {
            if (sighting.waits) pass(sighting.at);
            else hold(sighting.at - LONGEST_HOLD_MS);
          } else if (sighting.kind === 'lost' || sighting.kind === 'ended') close(sighting.at, sighting.kind);
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

const timeOf = (sighting: ClassifiedFrame): number => {
  if (sighting.kind === 'unique') return capturedAt(sighting.acquisition);
  return isWithoutAcquisition(sighting) ? sighting.frame.capturedAt : sighting.at;
};

const capturedAt = (acquisition: Acquisition | undefined): number => acquisition?.frame.capturedAt ?? 0;
