import { catchError, concat, concatMap, defer, from, type OperatorFunction, throwError } from 'rxjs';
import { plainArithmetic, type PixelArithmetic } from '../acquire/pixels/picture-memory';
import type { SourceEvent } from '../acquire/source';
import type { Clock } from '../core/clock';
import type { ClassifiedFrame } from './classified-frame';
import type { EarlierAcquisitions } from './earlier-acquisitions';
import { FrameClassifier } from './frame-classifier';

/**
 * Tells new acquisitions from repeated pictures by their noise: an exposure brings fresh quantum noise everywhere in
 * the image area, a repeat only what the codec adds. A new picture must differ from the frame before it and from the
 * last acquisition. One that is partly old (torn, combed, blended, half drawn) is `mixed`: the first complete picture
 * stands for the acquisition.
 *
 *    frames      --a-a-a-m-b---b-c-|      (a shown three times, m: partly a, partly b)
 *    classified  --u-r-r---(mu)r-u-|
 *
 * Classifies each frame exactly once, in order, and at once, except that a suspected mixture waits for the next
 * picture. `arithmetic`: for the pixels of now; `makeEarlier`: makes the memory of acquisitions that a workstation may
 * show again; none by default.
 */
export function uniqueAcquisitions(
  clock: Clock,
  arithmetic: () => PixelArithmetic = () => plainArithmetic,
  makeEarlier: () => EarlierAcquisitions | null = () => null,
): OperatorFunction<SourceEvent, ClassifiedFrame> {
  return (events) =>
    defer(() => {
      const classifier = new FrameClassifier(clock, arithmetic, makeEarlier());
      const settled = defer(() => from(classifier.settle()));
      const settleAndFail = (error: unknown) =>
        concat(
          settled,
          defer(() => throwError(() => error)),
        );
      return concat(
        events.pipe(
          concatMap((event) => classifier.classify(event)),
          catchError(settleAndFail),
        ),
        settled,
      );
    });
}
