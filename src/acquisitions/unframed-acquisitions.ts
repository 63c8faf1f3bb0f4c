import { toAnalysisImage } from '../acquire/pixels/area-average';
import { median } from '../core/statistics';
import { type Acquisition, sameGeometry } from '../frame';
import { LEAST } from './cadence';
import type { StillBefore } from './earlier-acquisitions';
import { FRESH, LEAST_DIFFERENCE, type LatestAcquisitions, type AnalysedFrame } from './latest-acquisitions';

/** A run has that many before its image area is known, at most. */
const KEPT = 8;
/** Of the usual change. */
const FAR_MORE = 8;

interface Unframed {
  readonly acquisition: Acquisition;
  readonly shown: AnalysedFrame;
  readonly before: StillBefore;
}

/** The latest acquisitions that were made before the image area was known. */
export class UnframedAcquisitions {
  private kept: Unframed[] = [];

  add(one: Unframed): void {
    one.acquisition.frame.loan?.hold();
    this.kept.push(one);
    if (this.kept.length > KEPT) this.kept.shift()?.acquisition.frame.loan?.release();
  }

  /** Those that still are acquisitions in the area that is known now, oldest first; none are kept any more. */
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

/** Without what the monitor showed before the first exposure: it changes into that by far more than exposures change. */
function withoutIdle<P extends { readonly shown: AnalysedFrame }>(
  pictures: readonly P[],
  compare: LatestAcquisitions['compare'],
): readonly P[] {
  const changes = pictures.slice(1).map(({ shown }, i) => compare(shown, (pictures[i] as P).shown).difference);
  if (changes.length < 2) return pictures;
  const usual = median(changes);
  return pictures.slice(1 + changes.findLastIndex((change) => change > FAR_MORE * usual));
}
