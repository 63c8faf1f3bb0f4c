import { Observable, Subscription, type OperatorFunction } from 'rxjs';
import type { Clock } from '../acquire/source';
import type { StackedAcquisition } from '../buffer/temporal-stack';
import type { Finding, Wishes } from '../detect/key-frames';
import type { AnticipationEvent, FailureEvent, KeyFrameEvent, StageEvent } from '../event';
import { SegmentError } from './segment-error';
import type { Segmentation, Segmenter } from './segmenter';

/** A declared key frame with what the networks say of it. */
export interface SegmentedKeyFrame {
  readonly kind: 'segmented';
  readonly keyFrame: KeyFrameEvent;
  readonly segmentation: Segmentation;
  /** When the declaration reached the model's queue. */
  readonly detectedAt: number;
  readonly anticipated: boolean;
}
export type Segmented = SegmentedKeyFrame | AnticipationEvent | FailureEvent | StageEvent;

/** Segmentations kept: a window's worth, so that a frame declared again is not computed again. */
const KEPT = 16;

interface Declared {
  readonly keyFrame: KeyFrameEvent;
  readonly detectedAt: number;
}
interface Job {
  readonly acquisition: StackedAcquisition;
  /** Begun before its frame was declared. */
  readonly anticipated: boolean;
}

/**
 * Segments the declared key frames of a run, and before that, while the model is idle, the frames likely to be declared (DESIGN: live suite, 6): when
 * the image is declared stable its mask is usually ready. One inference at a time; a declaration goes before wishes, the newest declaration before
 * older ones, the newest wishes replace the others.
 *
 *    findings   --w1------K1----w2-K2----|      w wish, K declared
 *    inference    [--1--]       [--2--]
 *    segmented  ----------S1----------S2-|      hit, then late
 */
export function segmentKeyFrames(segmenter: Segmenter, clock: Clock): OperatorFunction<Finding, Exclude<Finding, Wishes> | Segmented> {
  return (findings) =>
    new Observable((subscriber) => {
      const done = new Map<number, Segmentation & Job>();
      const named = new Set<number>();
      const running = new Subscription();
      let job: Job | null = null;
      let declared: Declared | null = null;
      let wishes: readonly StackedAcquisition[] = [];
      let stream = '';
      let over = false;

      const count = (outcome: AnticipationEvent['outcome']): void =>
        subscriber.next({ kind: 'anticipation', stream, at: clock.now(), outcome });
      const emit = ({ keyFrame, detectedAt }: Declared, segmentation: Segmentation, anticipated: boolean): void =>
        subscriber.next({ kind: 'segmented', keyFrame, segmentation, detectedAt, anticipated });

      const declare = (keyFrame: KeyFrameEvent): void => {
        const { frame } = keyFrame;
        const first = !named.has(frame);
        named.add(frame);
        stream = keyFrame.stream;
        const ready = done.get(frame);
        const now = { keyFrame, detectedAt: clock.now() };
        if (first && ready) count('hit');
        else if (first && job?.acquisition.number === frame) count('late');
        if (ready) emit(now, ready, ready.anticipated);
        else declared = now;
      };

      const work = (): void => {
        if (job) return;
        const wish = wishes.find(({ number }) => !done.has(number));
        const acquisition = declared?.keyFrame.acquisition ?? (over ? undefined : wish);
        if (acquisition) infer({ acquisition, anticipated: declared === null });
        else if (over) finish();
      };

      const infer = (next: Job): void => {
        job = next;
        const { number } = next.acquisition;
        const settle = (): void => {
          job = null;
          // A frame that got no answer is not asked for again, unless it is declared again.
          if (declared?.keyFrame.frame === number) declared = null;
          wishes = wishes.filter((wish) => wish.number !== number);
          work();
        };
        running.add(
          segmenter.segment(next.acquisition.stack).subscribe({
            next: (segmentation) => {
              keep(number, { ...segmentation, ...next });
              subscriber.next({
                kind: 'stage',
                stream,
                at: segmentation.endedAt,
                stage: 'infer',
                milliseconds: segmentation.endedAt - segmentation.startedAt,
              });
              if (declared?.keyFrame.frame !== number) return;
              const answered = declared;
              declared = null;
              const milliseconds = Math.max(0, segmentation.startedAt - answered.detectedAt);
              subscriber.next({ kind: 'stage', stream, at: segmentation.startedAt, stage: 'queue', milliseconds });
              emit(answered, segmentation, next.anticipated);
            },
            error: (error: unknown) => {
              if (!(error instanceof SegmentError)) return subscriber.error(error);
              subscriber.next({ kind: 'failure', stream, at: clock.now(), reason: error.code, message: error.message });
              settle();
            },
            complete: settle,
          }),
        );
      };

      const keep = (number: number, result: Segmentation & Job): void => {
        done.set(number, result);
        const [oldest] = done.keys();
        if (done.size > KEPT && oldest !== undefined) forget(oldest);
      };
      const forget = (number: number): void => {
        if (!named.has(number)) count('wasted');
        done.delete(number);
      };
      const finish = (): void => {
        for (const number of [...done.keys()]) forget(number);
        subscriber.complete();
      };

      subscriber.add(running);
      subscriber.add(
        findings.subscribe({
          next: (finding) => {
            if (finding.kind !== 'wishes') subscriber.next(finding);
            if (finding.kind === 'stability') stream = finding.stream;
            if (finding.kind === 'wishes') wishes = finding.acquisitions;
            if (finding.kind === 'keyframe') declare(finding);
            work();
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            over = true;
            work();
          },
        }),
      );
    });
}
