import type { Finding } from '../detect/key-frames';
import type { AnticipationEvent, FailureEvent, KeyFrameEvent, StageEvent } from '../event';
import type { StackedAcquisition } from '../runs/temporal-stack';
import type { Segmentation, SegmentError } from './segmenter';

/** A declared key frame with what the networks say of it. */
export interface SegmentedKeyFrame {
  readonly kind: 'segmented';
  readonly keyFrame: KeyFrameEvent;
  readonly segmentation: Segmentation;
  /** When the declaration reached the model's queue. */
  readonly detectedAt: number;
  readonly anticipated: boolean;
}

/** One inference. */
export interface Job {
  readonly acquisition: StackedAcquisition;
  /** Begun before its frame was declared. */
  readonly anticipated: boolean;
}

/** Segmentations kept: a window's worth, so that a frame declared again is not computed again. */
const MAX_SEGMENTATIONS = 16;

type InferenceEvent = SegmentedKeyFrame | AnticipationEvent | StageEvent | FailureEvent;

/**
 * What to segment next in one run, and what has been. A declaration goes before wishes, the newest declaration before older ones, the newest wishes
 * replace the others. Keeps the latest segmentations; a stack that failed is not sent again, for it may have killed the worker; counts once per frame whether its inference was anticipated in time (hit), too late, or in vain.
 */
export class SpeculativeInference {
  private readonly done = new Map<number, Job & { readonly segmentation: Segmentation }>();
  private readonly failed = new Map<number, SegmentError>();
  private readonly named = new Set<number>();
  private wishes: readonly StackedAcquisition[] = [];
  private declared: { readonly keyFrame: KeyFrameEvent; readonly detectedAt: number } | null = null;
  private running: Job | null = null;
  private stream = '';

  /** Takes in a finding at a time; a declared frame that is segmented already is answered at once. */
  note(finding: Finding, now: number): InferenceEvent[] {
    if (finding.kind === 'candidates') this.wishes = finding.acquisitions;
    else if (finding.kind !== 'scene-change') this.stream = finding.stream;
    return finding.kind === 'keyframe' ? this.declare(finding, now) : [];
  }

  /** The inference to begin; null: none. Without wishes, only what was declared. */
  next(wishing: boolean): Job | null {
    const wish = wishing ? this.wishes.find(({ number }) => !this.done.has(number) && !this.failed.has(number)) : undefined;
    const acquisition = this.declared?.keyFrame.acquisition ?? wish;
    return (this.running = acquisition ? { acquisition, anticipated: this.declared === null } : null);
  }

  /** A job is done. */
  settle(job: Job, segmentation: Segmentation): InferenceEvent[] {
    const { number } = job.acquisition;
    const { startedAt, endedAt } = segmentation;
    this.running = null;
    this.done.set(number, { ...job, segmentation });
    const told: InferenceEvent[] = [{ kind: 'stage', stream: this.stream, at: endedAt, stage: 'infer', milliseconds: endedAt - startedAt }];
    const [oldest] = this.done.keys();
    if (this.done.size > MAX_SEGMENTATIONS && oldest !== undefined) told.push(...this.forget(oldest, endedAt));
    if (this.declared?.keyFrame.frame !== number) return told;
    const { keyFrame, detectedAt } = this.declared;
    this.declared = null;
    told.push({ kind: 'stage', stream: this.stream, at: startedAt, stage: 'queue', milliseconds: Math.max(0, startedAt - detectedAt) });
    return [...told, { kind: 'segmented', keyFrame, segmentation, detectedAt, anticipated: job.anticipated }];
  }

  /** A job is over. Without an answer, neither its declaration nor a wish for it is tried again. */
  leave(job: Job): void {
    const { number } = job.acquisition;
    if (this.running !== job) return;
    this.running = null;
    if (this.declared?.keyFrame.frame === number) this.declared = null;
    this.wishes = this.wishes.filter((wish) => wish.number !== number);
  }

  /** A job failed: its stack is not sent again, unless it was not tried at all. */
  fail(job: Job, error: SegmentError, now: number): FailureEvent {
    this.leave(job);
    const { run, number } = job.acquisition;
    if (!error.untried) this.failed.set(number, error);
    return this.failure(run, number, error, now, false);
  }

  /** The run is over: what was never declared was in vain. */
  close(now: number): InferenceEvent[] {
    return [...this.done.keys()].flatMap((number) => this.forget(number, now));
  }

  private declare(keyFrame: KeyFrameEvent, now: number): InferenceEvent[] {
    const { frame } = keyFrame;
    const first = !this.named.has(frame);
    this.named.add(frame);
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
    return this.named.has(number) ? [] : [this.count('wasted', now)];
  }

  private failure(run: string, frame: number, { code: reason, message }: SegmentError, at: number, again: boolean): FailureEvent {
    return { kind: 'failure', stream: this.stream, at, run, frame, reason, message, again };
  }

  private readonly count = (outcome: AnticipationEvent['outcome'], at: number): AnticipationEvent => ({
    ...{ kind: 'anticipation', stream: this.stream, at, outcome },
  });
}
