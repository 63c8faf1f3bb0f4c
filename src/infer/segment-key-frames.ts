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
 * Segments the declared key frames of a run, and candidates while the model is idle, so that the mask is usually ready
 * when its frame is declared. One inference at a time.
 *
 *    findings   --c1------K1----c2-K2----|      c candidate, K declared
 *    inference    [--1--]       [--2--]
 *    segmented  ----------S1----------S2-|      hit, then late
 *
 * While `anticipate` returns false, candidates wait. Key frames that are not assessed are not segmented.
 */
export function segmentKeyFrames(
  segmenter: Segmenter,
  clock: Clock,
  anticipate = (): boolean => true,
): OperatorFunction<Finding, Exclude<Finding, Candidates> | Segmented> {
  return (findings) =>
    defer(() => {
      const inference = new SpeculativeInference();
      let over = false;

      const segment = (job: Job): Observable<Segmented> =>
        segmenter.segment(job.acquisition.stack).pipe(
          concatMap((segmentation) => inference.settle(job, segmentation)),
          tap({ complete: () => inference.leave(job) }),
          catchError((error: unknown) => {
            if (!(error instanceof SegmentError)) throw error;
            return of(inference.fail(job, error, clock.now()));
          }),
        );
      /**
       * One inference after another until none is left; repeated rather than nested, since a run may never let it
       * rest.
       */
      const work = (): Observable<Segmented> => {
        let job: Job | null = null;
        return defer(() => {
          job = inference.next(!over && anticipate());
          return job ? segment(job) : EMPTY;
        }).pipe(repeat({ delay: () => (job ? of(job) : EMPTY) }));
      };
      const pass = (finding: Finding): (Exclude<Finding, Candidates> | Segmented)[] => {
        if (finding.kind === 'keyframe' && !finding.assessed) return [finding];
        const events = inference.note(finding, clock.now());
        return finding.kind === 'candidates' ? events : [finding, ...events];
      };

      return concat(
        findings.pipe(
          connect((all) => merge(all.pipe(concatMap(pass)), all.pipe(tap({ complete: () => (over = true) }), latestMap(work)))),
        ),
        defer(() => from(inference.close(clock.now()))),
      );
    });
}
