import { concatMap, defer, type OperatorFunction } from 'rxjs';
import type { Clock, SourceEvent } from '../acquire/source';
import { type Frame, sameRect } from '../frame';
import { toAnalysisImage } from '../acquire/pixels/area-average';
import { plainArithmetic, type PixelArithmetic } from '../acquire/pixels/pixel-arithmetic';
import { Cadence } from './cadence';
import { compare, isBlank } from './fresh-noise';
import type { Sighting } from './sighting';
import { isSnow } from './snow';

/** Two exposures share no noise and give about √2, less where structure stands still; a repeat's codec noise stays below 0.45 on clean feeds. */
const FRESH = 0.65;
/**
 * Enough when an acquisition is due. An encoder short of bits gives an image of little noise over several pictures: the first brings half of what is new,
 * each repeat less than 0.48 more, most of it at once.
 */
const FRESH_WHEN_DUE = 0.5;
/** Mean grey levels below which a change is rounding, whatever its pattern. */
const LEAST_DIFFERENCE = 0.15;

interface Seen {
  readonly frame: Frame;
  readonly averages: Float32Array;
  readonly blank: boolean;
}

/**
 * Tells new acquisitions from pictures shown again, by noise: an exposure brings fresh quantum noise everywhere in the image area, a repeat only
 * what the codec adds (DESIGN: live suite, 1). A picture must differ from the frame before and from the acquisition it would follow.
 *
 *    frames     --a-a-a-b-b-c-|      (a shown three times)
 *    sightings  --u-r-r-u-r-u-|
 *
 * Each frame gives exactly one sighting, in order and at once. `arithmetic`: what computes on the pixels now.
 */
export function uniqueAcquisitions(
  clock: Clock,
  arithmetic: () => PixelArithmetic = () => plainArithmetic,
): OperatorFunction<SourceEvent, Sighting> {
  return (events) =>
    defer(() => {
      let before: Seen | undefined;
      /** The latest two acquisitions: after a single spoilt picture the one before it comes again. */
      let latest: readonly Seen[] = [];
      let cadence = new Cadence();

      const remember = (seen: Seen | undefined): void => {
        seen?.frame.loan?.hold();
        before?.frame.loan?.release();
        before = seen;
      };

      const see = (frame: Frame): Sighting => {
        const { samePixels, areaAverage, livingPixels, compareBlocks } = arithmetic();
        if (before && samePixels(frame, before.frame))
          return before.blank ? { kind: 'blank', frame } : { kind: 'repeated', frame, alive: false };
        const averages = areaAverage(frame, frame.imageArea);
        const seen = { frame, averages, blank: isBlank(averages) || isSnow(frame) };
        const previous = sameArea(before, seen) ? before : undefined;
        const alive = previous !== undefined && livingPixels(frame, previous.frame);
        remember(seen);
        if (seen.blank) return { kind: 'blank', frame };
        const difference = novelty(seen, previous, latest, cadence, compareBlocks);
        if (difference === null) return { kind: 'repeated', frame, alive };
        latest = [seen, ...latest].slice(0, 2);
        cadence.add(frame.capturedAt, difference);
        const acquisition = { frame, acquiredAt: clock.now(), analysis: toAnalysisImage(averages) };
        return { kind: 'unique', acquisition, difference };
      };

      return events.pipe(
        concatMap((event): Sighting[] => {
          if (event.kind === 'lost') {
            remember(undefined);
            cadence = new Cadence();
          }
          return [event.kind === 'frame' ? see(event.frame) : event];
        }),
      );
    });
}

/** The mean difference to the latest acquisition when this is a new one, else null. */
function novelty(
  seen: Seen,
  previous: Seen | undefined,
  latest: readonly Seen[],
  cadence: Cadence,
  blocksOf: PixelArithmetic['compareBlocks'],
): number | null {
  const fresh = cadence.due(seen.frame.capturedAt) ? FRESH_WHEN_DUE : FRESH;
  let difference = 0;
  for (const [i, other] of latest.entries()) {
    if (!sameArea(other, seen)) continue;
    const compared = compare(seen.averages, other.averages, blocksOf);
    if (compared.freshness < fresh || compared.difference < LEAST_DIFFERENCE) return null;
    if (i === 0) ({ difference } = compared);
  }
  if (previous && !latest.includes(previous) && compare(seen.averages, previous.averages, blocksOf).freshness < fresh) return null;
  return cadence.expects(seen.frame.capturedAt, difference) ? difference : null;
}

const sameArea = (a: Seen | undefined, b: Seen): boolean =>
  a !== undefined && a.frame.width === b.frame.width && a.frame.height === b.frame.height && sameRect(a.frame.imageArea, b.frame.imageArea);
