import type { Observable } from 'rxjs';
import type { ClassifiedFrame } from '../acquisitions/classified-frame';
import type { Acquisition, RunAcquisition } from '../frame';

/** Why a run ended. held: no new acquisition for several intervals. changed: the picture's size or image area did. */
export type RunEndReason = 'held' | 'changed' | 'lost' | 'ended';

export interface RunEnd {
  /** Capture time of the frame, or time of the event, that showed the run to be over. */
  readonly at: number;
  readonly reason: RunEndReason;
  /** How many there were. */
  readonly acquisitions: number;
}

/** One pedal press: a series of acquisitions. */
export interface Run {
  readonly kind: 'run';
  readonly stream: string;
  /** Unique for the life of the server, across streams. */
  readonly id: string;
  /** Capture time of the first acquisition. */
  readonly startedAt: number;
  /** When the run was known to be one: capture time of its second acquisition. */
  readonly knownAt: number;
  /** How many acquisitions showed it to be one. */
  readonly opening: number;
  /** Hot: begins with the opening acquisitions as soon as the run is emitted, so subscribe at once. Completes with the run. */
  readonly acquisitions: Observable<RunAcquisition>;
  /** One value when the run ends, before `acquisitions` completes. */
  readonly end: Observable<RunEnd>;
}

/** A picture that stayed alone: a logo, a patient list. It belongs to no run. */
export interface LoneAcquisition {
  readonly kind: 'lone';
  readonly at: number;
  readonly acquisition: Acquisition;
}

/** Sightings, and what they add up to. */
export type FrameOrRun = ClassifiedFrame | Run | LoneAcquisition;
