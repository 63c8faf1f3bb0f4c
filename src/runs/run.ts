import type { Observable } from 'rxjs';
import type { ClassifiedFrame } from '../acquisitions/classified-frame';
import type { Acquisition, RunAcquisition } from '../frame';

/** held: no new acquisition for several intervals. changed: the picture has another size or image area. */
export type RunEndReason = 'held' | 'changed' | 'lost' | 'ended';

export interface RunEnd {
  /** Time of the frame or event that ended the run; when that came long after, the time the run was due to end. */
  readonly at: number;
  readonly reason: RunEndReason;
  readonly acquisitions: number;
}

/** The acquisitions of one pedal press. */
export interface Run {
  readonly kind: 'run';
  readonly stream: string;
  /** Unique across streams for the life of the server. */
  readonly id: string;
  /** Capture time of the first acquisition. */
  readonly startedAt: number;
  /** Capture time of the acquisition that showed it to be a run: its second, or at a slow pace its third. */
  readonly knownAt: number;
  /** Acquisitions up to then. */
  readonly opening: number;
  /** Hot: subscribe as soon as the run is emitted; starts with the opening acquisitions. Completes with the run. */
  readonly acquisitions: Observable<RunAcquisition>;
  /** Emits once when the run ends, before `acquisitions` completes. */
  readonly end: Observable<RunEnd>;
}

/** An acquisition that belongs to no run: a logo, a patient list. */
export interface LoneAcquisition {
  readonly kind: 'lone';
  readonly at: number;
  readonly acquisition: Acquisition;
}

export type FrameOrRun = ClassifiedFrame | Run | LoneAcquisition;
