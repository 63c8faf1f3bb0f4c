import { toAnalysisImage } from '../acquire/pixels/area-average';
import { median } from '../core/statistics';
import { type Acquisition, sameGeometry } from '../frame';
import { LEAST } from './cadence';
import type { StillBefore } from './earlier-acquisitions';
import { FRESH, LEAST_DIFFERENCE, type LatestAcquisitions, type AnalysedFrame } from './latest-acquisitions';

/** A run has at most this many before its image area is known. */
const KEPT = 8;
/** Multiple of the usual change that marks the transition from an idle monitor. */
const FAR_MORE = 8;

interface Unframed {
  readonly acquisition: Acquisition;
  readonly shown: AnalysedFrame;
  readonly before: StillBefore;
}

/** The latest acquisitions from before the image area was known. */
export class UnframedAcquisitions {
  private kept: Unframed[] = [];

  add(one: Unframed): void {
    one.acquisition.frame.loan?.hold();
    this.kept.push(one);
    if (this.kept.length > KEPT) this.kept.shift()?.acquisition.frame.loan?.release();
  }

  /** Returns, oldest first, those that are still acquisitions in the area known now, and forgets all. */
  reframe(inArea: (shown: AnalysedFrame) => AnalysedFrame, { compare }: Pick<LatestAcquisitions, 'compare'>): Unframed[] {
    const all = this.kept.map((one) => ({ ...one, shown: inArea(one.shown) }));
    const changes = all.slice(1).map(({ shown }, i) => (sameGeometry(all[i]!.shown, shown) ? compare(shown, all[i]!.shown) : null));
    const differences = changes.flatMap((change) => (change ? [change.difference] : []));
    const least = Math.max(LEAST_DIFFERENCE, differences.length === 0 ? 0 : LEAST * median(differences));
    const framed = all.filter((_, i) => {
      const change = changes[i - 1];
      return !change || (change.freshness >= FRESH && change.difference >= least);
    });
    for (const { acquisition } of this.kept) acquisition.frame.loan?.release();
    this.kept = [];
    return withoutIdle(framed, compare).map(({ acquisition, shown, before }) => ({
      acquisition: { ...acquisition, frame: shown.frame, analysis: toAnalysisImage(shown.averages) },
      ...{ shown, before },
    }));
  }
}

/** Drops what the monitor showed before the first exposure, which changes it by far more than exposures do. */
function withoutIdle<P extends { readonly shown: AnalysedFrame }>(
  pictures: readonly P[],
  compare: LatestAcquisitions['compare'],
): readonly P[] {
  const changes = pictures.slice(1).map(({ shown }, i) => compare(shown, (pictures[i] as P).shown).difference);
  if (changes.length < 2) return pictures;
  const usual = median(changes);
  return pictures.slice(1 + changes.findLastIndex((change) => change > FAR_MORE * usual));
}
