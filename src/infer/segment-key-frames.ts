import {
  catchError,
  concat,
  concatMap,
  connect,
  defer,
  EMPTY,
  from,
  merge,
  type Observable,
  of,
  type OperatorFunction,
  repeat,
  tap,
} from 'rxjs';
import type { Clock } from '../core/clock';
import { latestMap } from '../core/operators';
import type { Finding, Candidates } from '../detect/key-frames';
import type { AnticipationEvent, FailureEvent, StageEvent } from '../event';
import { type Segmenter, SegmentError } from './segmenter';
import { SpeculativeInference, type Job, type SegmentedKeyFrame } from './speculative-inference';

export type Segmented = SegmentedKeyFrame | AnticipationEvent | FailureEvent | StageEvent;

/**
 * Segments the declared key frames of a run, and before that, while the model is idle, the frames likely to be declared: when
 * the image is declared stable its mask is usually ready. One inference at a time.
 *
 *    findings   --w1------K1----w2-K2----|      w wish, K declared
 *    inference    [--1--]       [--2--]
 *    segmented  ----------S1----------S2-|      hit, then late
 *
 * Where `anticipate` says no, only what is declared. What is not assessed is not segmented.
 */
export function segmentKeyFrames(
  segmenter: Segmenter,
  clock: Clock,
  anticipate = (): boolean => true,
): OperatorFunction<Finding, Exclude<Finding, Candidates> | Segmented> {
  return (findings) =>
    defer(() => {
      const anticipation = new SpeculativeInference();
      let over = false;

      const segment = (job: Job): Observable<Segmented> =>
        segmenter.segment(job.acquisition.stack).pipe(
          concatMap((segmentation) => anticipation.settle(job, segmentation)),
          tap({ complete: () => anticipation.leave(job) }),
          catchError((error: unknown) => {
            if (!(error instanceof SegmentError)) throw error;
            return of(anticipation.fail(job, error, clock.now()));
          }),
        );
      /** One inference after the other, until there is nothing to do; repeated rather than nested, for a run may never let the model rest. */
      const work = (): Observable<Segmented> => {
        let job: Job | null = null;
        return defer(() => {
          job = anticipation.next(!over && anticipate());
          return job ? segment(job) : EMPTY;
        }).pipe(repeat({ delay: () => (job ? of(job) : EMPTY) }));
      };
      const pass = (finding: Finding): (Exclude<Finding, Candidates> | Segmented)[] => {
        if (finding.kind === 'keyframe' && !finding.assessed) return [finding];
        const told = anticipation.note(finding, clock.now());
        return finding.kind === 'candidates' ? told : [finding, ...told];
      };

      return concat(
        findings.pipe(
          connect((all) => merge(all.pipe(concatMap(pass)), all.pipe(tap({ complete: () => (over = true) }), latestMap(work)))),
        ),
        defer(() => from(anticipation.close(clock.now()))),
      );
    });
}
