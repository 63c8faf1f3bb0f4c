import type { Finding } from '../detect/key-frames';
import type { AnticipationEvent, FailureEvent, KeyFrameEvent, StageEvent } from '../event';
import type { StackedAcquisition } from '../runs/temporal-stack';
import type { Segmentation, SegmentError } from './segmenter';

/** A declared key frame with its segmentation. */
export interface SegmentedKeyFrame {
  readonly kind: 'segmented';
  readonly keyFrame: KeyFrameEvent;
  readonly segmentation: Segmentation;
  /** When the declaration reached the model's queue. */
  readonly detectedAt: number;
  readonly anticipated: boolean;
}

export interface Job {
  readonly acquisition: StackedAcquisition;
  /** The inference began before its frame was declared. */
  readonly anticipated: boolean;
}

/** A window's worth of segmentations, so that a frame that is declared again is not computed again. */
const MAX_SEGMENTATIONS = 16;

type InferenceEvent = SegmentedKeyFrame | AnticipationEvent | StageEvent | FailureEvent;

/**
 * Decides what to segment next in one run. A declaration goes before candidates, the newest declaration before older
 * ones; new candidates replace the old. A stack that failed is not sent again, since it may have killed the worker.
 * Counts once per frame whether its inference was anticipated in time (hit), too late (late) or in vain (wasted).
 */
export class SpeculativeInference {
  private readonly done = new Map<number, Job & { readonly segmentation: Segmentation }>();
  private readonly failed = new Map<number, SegmentError>();
  private readonly declaredFrames = new Set<number>();
  private candidates: readonly StackedAcquisition[] = [];
  private declared: { readonly keyFrame: KeyFrameEvent; readonly detectedAt: number } | null = null;
  private running: Job | null = null;
  private stream = '';

  /** Takes in one finding; a declared frame that is already segmented is answered at once. */
  note(finding: Finding, now: number): InferenceEvent[] {
    if (finding.kind === 'candidates') this.candidates = finding.acquisitions;
    else if (finding.kind !== 'scene-change') this.stream = finding.stream;
    return finding.kind === 'keyframe' ? this.declare(finding, now) : [];
  }

  /** The inference to begin; null: none. Candidates count only while `anticipate` is set. */
  next(anticipate: boolean): Job | null {
    const candidate = anticipate ? this.candidates.find(({ number }) => !this.done.has(number) && !this.failed.has(number)) : undefined;
    const acquisition = this.declared?.keyFrame.acquisition ?? candidate;
    return (this.running = acquisition ? { acquisition, anticipated: this.declared === null } : null);
  }

  settle(job: Job, segmentation: Segmentation): InferenceEvent[] {
    const { number } = job.acquisition;
    const { startedAt, endedAt } = segmentation;
    this.running = null;
    this.done.set(number, { ...job, segmentation });
    const events: InferenceEvent[] = [
      { kind: 'stage', stream: this.stream, at: endedAt, stage: 'infer', milliseconds: endedAt - startedAt },
    ];
    const [oldest] = this.done.keys();
    if (this.done.size > MAX_SEGMENTATIONS && oldest !== undefined) events.push(...this.forget(oldest, endedAt));
    if (this.declared?.keyFrame.frame !== number) return events;
    const { keyFrame, detectedAt } = this.declared;
    this.declared = null;
    events.push({ kind: 'stage', stream: this.stream, at: startedAt, stage: 'queue', milliseconds: Math.max(0, startedAt - detectedAt) });
    return [...events, { kind: 'segmented', keyFrame, segmentation, detectedAt, anticipated: job.anticipated }];
  }

  /** A job is over. Without a result, neither its declaration nor its candidate is tried again. */
  leave(job: Job): void {
    const { number } = job.acquisition;
    if (this.running !== job) return;
    this.running = null;
    if (this.declared?.keyFrame.frame === number) this.declared = null;
    this.candidates = this.candidates.filter((candidate) => candidate.number !== number);
  }

  /** A job failed: its stack is not sent again, unless it is `untried`. */
  fail(job: Job, error: SegmentError, now: number): FailureEvent {
    this.leave(job);
    const { run, number } = job.acquisition;
    if (!error.untried) this.failed.set(number, error);
    return this.failure(run, number, error, now, false);
  }

  /** The run is over: segmentations of frames that were never declared were wasted. */
  close(now: number): InferenceEvent[] {
    return [...this.done.keys()].flatMap((number) => this.forget(number, now));
  }

  private declare(keyFrame: KeyFrameEvent, now: number): InferenceEvent[] {
    const { frame } = keyFrame;
    const first = !this.declaredFrames.has(frame);
    this.declaredFrames.add(frame);
    const ready = this.done.get(frame);
    const error = this.failed.get(frame);
    if (error) {
      this.declared = null;
      return [this.failure(keyFrame.run, frame, error, now, true)];
    }
    if (!ready) {
      this.declared = { keyFrame, detectedAt: now };
      return first && this.running?.acquisition.number === frame ? [this.count('late', now)] : [];
    }
    this.declared = null;
    const { segmentation, anticipated } = ready;
    const answer: SegmentedKeyFrame = { kind: 'segmented', keyFrame, segmentation, detectedAt: now, anticipated };
    return first ? [this.count('hit', now), answer] : [answer];
  }

  private forget(number: number, now: number): AnticipationEvent[] {
    this.done.delete(number);
    return this.declaredFrames.has(number) ? [] : [this.count('wasted', now)];
  }

  private failure(run: string, frame: number, { code: reason, message }: SegmentError, at: number, again: boolean): FailureEvent {
    return { kind: 'failure', stream: this.stream, at, run, frame, reason, message, again };
  }

  private readonly count = (outcome: AnticipationEvent['outcome'], at: number): AnticipationEvent => ({
    ...{ kind: 'anticipation', stream: this.stream, at, outcome },
  });
}
