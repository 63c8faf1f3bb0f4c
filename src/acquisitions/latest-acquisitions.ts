import { inArea as frameInArea } from '../acquire/pixels/captured-frame';
import type { PixelArithmetic } from '../acquire/pixels/picture-memory';
import { type Frame, type Rect, sameGeometry } from '../frame';
import { Cadence } from './cadence';
import { isCombed, isMixture } from './mixture';
import { type Comparison, compare } from './noise-comparison';

/**
 * Least freshness of an acquisition: two exposures give about √2, less with static structure; repeats less than 0.45 on
 * clean feeds.
 */
export const FRESH = 0.65;
/**
 * Share of a run's usual freshness that is required, and the most that is: an encoder short of bits redraws its
 * repeats, but not like its acquisitions.
 */
const [FRESH_AS_USUAL, FRESH_ENOUGH] = [0.8, 0.95];
/** Shares of its noise that the latest acquisition keeps when redrawn, by what else suggests a redraw. */
const [LITTLE_CHANGED, LESS_NEW] = [0.08, 0.2];
/** Mean grey levels below which a change is rounding, whatever its pattern. */
export const LEAST_DIFFERENCE = 0.15;

export interface AnalysedFrame {
  readonly frame: Frame;
  /** 256 × 256 means of its image area. */
  readonly averages: Float32Array;
  readonly blank: boolean;
}

/** What is new about a picture compared with the latest acquisition. */
export type Novelty = Comparison & {
  readonly shown: AnalysedFrame;
  /** It is less new than acquisitions usually are. */
  readonly weak: boolean;
};

/** The acquisitions that pictures are compared with, and what is usual among them. */
export class LatestAcquisitions {
  /** Two: after a single corrupt picture, the one before it comes again. */
  private latest: readonly AnalysedFrame[] = [];
  private cadence = new Cadence();

  constructor(private readonly arithmetic: () => PixelArithmetic) {}

  get last(): AnalysedFrame | undefined {
    return this.latest[0];
  }

  /** Usual freshness of an acquisition; null while unknown. */
  get freshness(): number | null {
    return this.cadence.freshness;
  }

  isDue(at: number): boolean {
    return this.cadence.isDue(at);
  }

  /**
   * The share of the latest acquisition's noise from which on a picture is only a redraw of it, as an encoder short of
   * bits makes when it starts a new group of pictures. Null: never, as the picture is on the beat, or as new as usual.
   */
  redrawThreshold({ shown, difference, weak }: Novelty): number | null {
    if (!this.cadence.isOffBeat(shown.frame.capturedAt)) return null;
    return this.cadence.isSmallChange(difference) ? LITTLE_CHANGED : weak ? LESS_NEW : null;
  }

  /** An acquisition is shown again: it does not count for the rhythm. */
  showAgain(shown: AnalysedFrame, latest: boolean): void {
    this.keep(shown);
    if (!latest) this.forgetRhythm();
  }

  add({ shown, difference, freshness }: Novelty): void {
    this.keep(shown);
    this.cadence.add(shown.frame.capturedAt, difference, freshness);
  }

  reframe(toArea: (shown: AnalysedFrame) => AnalysedFrame): void {
    this.latest = this.latest.map(toArea);
  }

  /** After the source was away, the rhythm may differ. */
  forgetRhythm(): void {
    this.cadence = new Cadence();
  }

  /** What is new about a picture if it may be an acquisition; else null. `previous`: the picture before it. */
  novelty(shown: AnalysedFrame, previous: AnalysedFrame | undefined, mixture: AnalysedFrame | undefined): Novelty | null {
    const usual = this.freshness === null ? FRESH : Math.max(FRESH, Math.min(FRESH_ENOUGH, FRESH_AS_USUAL * this.freshness));
    let [difference, freshness, weak] = [0, Math.SQRT2, false];
    for (const [i, other] of this.latest.entries()) {
      if (!sameGeometry(other, shown)) continue;
      const compared = this.compare(shown, other);
      if (compared.freshness < FRESH || compared.difference < LEAST_DIFFERENCE) return null;
      weak ||= compared.freshness < usual;
      if (i === 0) ({ difference, freshness } = compared);
    }
    if (previous && previous !== mixture) {
      const compared = this.compare(shown, previous);
      if (compared.freshness < usual && this.isComparable(previous, shown)) {
        if (compared.freshness < FRESH) return null;
        weak = true;
      }
    }
    return this.cadence.isPlausible(shown.frame.capturedAt, difference) ? { shown, difference, freshness, weak } : null;
  }

  private keep(shown: AnalysedFrame): void {
    shown.frame.loan?.hold();
    this.latest[1]?.frame.loan?.release();
    this.latest = [shown, ...this.latest].slice(0, 2);
  }

  readonly compare = (a: AnalysedFrame, b: AnalysedFrame): Comparison => compare(a.averages, b.averages, this.arithmetic().compareBlocks);

  /**
   * Whether a new picture must differ from the previous one: not if that is an acquisition, which is compared anyway,
   * nor a mixture that the new picture is part of.
   */
  private isComparable(previous: AnalysedFrame, shown: AnalysedFrame): boolean {
    if (this.latest.includes(previous)) return false;
    const { last } = this;
    if (!last || !sameGeometry(last, shown)) return true;
    return !isCombed(last.frame, previous.frame) && !isMixture(last.averages, previous.averages, shown.averages);
  }
}

/** Moves pictures to another image area, each once; those that do not contain it stay as they are. */
export function reframer(area: Rect, areaAverage: PixelArithmetic['areaAverage']): (shown: AnalysedFrame) => AnalysedFrame {
  const made = new Map<AnalysedFrame, AnalysedFrame>();
  return (shown) => {
    const { frame } = shown;
    if (area.x + area.width > frame.width || area.y + area.height > frame.height) return shown;
    const known = made.get(shown);
    if (known) return known;
    const moved = { ...shown, frame: frameInArea(frame, area), averages: areaAverage(frame, area) };
    made.set(shown, moved);
    return moved;
  };
}
