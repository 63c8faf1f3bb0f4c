import { toAnalysisImage } from '../acquire/pixels/area-average';
import type { PixelArithmetic } from '../acquire/pixels/picture-memory';
import type { SourceEvent } from '../acquire/source';
import type { Clock } from '../core/clock';
import { type Frame, sameGeometry } from '../frame';
import type { ClassifiedFrame } from './classified-frame';
import type { StillBefore, EarlierAcquisitions } from './earlier-acquisitions';
import { FRESH, reframer, LatestAcquisitions, type Novelty, type AnalysedFrame } from './latest-acquisitions';
import { freshBands, isCombed, isMixture } from './mixture';
import { isBlank, isNoSignal } from './noise-comparison';
import { UnframedAcquisitions } from './unframed-acquisitions';

/** Less than this share of the usual freshness, and a picture may partly be the one before. */
const DOUBTFUL = 0.88;
/** Freshness of the stalest band of rows, as a share of the median one, below which part of a picture may be old. */
const STALE = 0.45;
/** A half-drawn picture may be repeated for this long before the rest comes. */
const HALF_DRAWN_MS = 100;

/** A picture that looks new, and what stood before it. */
interface NewPicture extends Novelty {
  readonly before: StillBefore;
}

/** A picture that may be a mixture, and what has come since; the next different picture decides. */
interface PossibleMixture extends NewPicture {
  /** Some of its rows have not changed. */
  readonly stale: boolean;
  readonly since: ClassifiedFrame[];
}

/** Classifies each picture in turn. */
export class FrameClassifier {
  private before: AnalysedFrame | undefined;
  private readonly latest: LatestAcquisitions;
  private pending: PossibleMixture | null = null;
  /** The latest mixture: what follows need not differ from it. */
  private mixture: AnalysedFrame | undefined;
  /** Acquisitions since the search for the image area began; null: it is known. */
  private unframed: UnframedAcquisitions | null = null;
  private area: Extract<SourceEvent, { kind: 'area' }> | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly arithmetic: () => PixelArithmetic,
    private readonly earlier: EarlierAcquisitions | null,
  ) {
    this.latest = new LatestAcquisitions(arithmetic);
  }

  classify(event: SourceEvent): ClassifiedFrame[] {
    if (event.kind === 'frame') return this.classifyFrame(event.frame);
    if (event.kind === 'area') return this.reframe(event);
    if (event.kind === 'dropped' && this.pending) {
      this.pending.since.push(event);
      return [];
    }
    const settled = [...this.settle(), ...this.takeBestArea(event)];
    if (event.kind === 'lost') {
      this.remember(undefined);
      this.latest.forgetRhythm();
    }
    return [...settled, event];
  }

  /** No further picture can decide: the pending one is an acquisition. */
  settle(): ClassifiedFrame[] {
    const { pending } = this;
    if (!pending) return [];
    this.pending = null;
    const found = this.acquisition(pending);
    pending.shown.frame.loan?.release();
    return [found, ...pending.since];
  }

  /** No further picture can settle the image area: takes the best one. */
  private takeBestArea(event: SourceEvent): ClassifiedFrame[] {
    if (!this.unframed || !this.area || (event.kind !== 'lost' && event.kind !== 'ended')) return [];
    return this.reframe({ kind: 'area', at: event.at, found: { ...this.area.found, settled: true } });
  }

  /** Moves the pictures that later ones are compared with, and the acquisitions so far, to the image area known now. */
  private reframe(event: Extract<SourceEvent, { kind: 'area' }>): ClassifiedFrame[] {
    this.area = event;
    const { area, settled } = event.found;
    const { areaAverage } = this.arithmetic();
    const toArea = reframer(area, areaAverage);
    this.before &&= toArea(this.before);
    this.mixture &&= toArea(this.mixture);
    this.latest.reframe(toArea);
    if (this.pending) this.pending = { ...this.pending, shown: toArea(this.pending.shown) };
    const found = settled ? (this.unframed?.reframe(toArea, this.latest) ?? []) : [];
    this.unframed = settled ? null : (this.unframed ?? new UnframedAcquisitions());
    for (const { shown, before } of found) this.earlier?.remember(shown, before);
    const acquisitions = found.map(({ acquisition }) => acquisition);
    return found.length === 0 ? [event] : [event, { kind: 'reframed', at: event.at, acquisitions }];
  }

  private classifyFrame(frame: Frame): ClassifiedFrame[] {
    const { samePixels, areaAverage } = this.arithmetic();
    const { before } = this;
    if (before && samePixels(frame, before.frame)) {
      return before.blank ? [{ kind: 'blank', frame }] : this.repeat({ kind: 'repeated', frame, alive: false });
    }
    const averages = areaAverage(frame, frame.imageArea);
    const shown = { frame, averages, blank: isBlank(averages) || isNoSignal(frame) };
    const events = this.compare(shown, before);
    this.remember(shown);
    return events;
  }

  private compare(shown: AnalysedFrame, before: AnalysedFrame | undefined): ClassifiedFrame[] {
    const { frame } = shown;
    const previous = before && sameGeometry(before, shown) ? before : undefined;
    const alive = previous !== undefined && this.arithmetic().hasOutsideChange(frame, previous.frame);
    if (shown.blank) return [...this.settle(), { kind: 'blank', frame }];
    const mixture = this.settleMixture(shown);
    if (!mixture && this.pending && this.isRepeat(this.pending.shown, shown)) return this.repeat({ kind: 'repeated', frame, alive });
    const settled = mixture ?? this.settle();
    const novelty = this.noveltyOf(shown, previous);
    return [
      ...settled,
      ...(novelty
        ? this.judge({ ...novelty, before: this.earlier?.stillBefore(frame, before?.frame) ?? null })
        : [{ kind: 'repeated', frame, alive } as const]),
    ];
  }

  private noveltyOf(shown: AnalysedFrame, previous: AnalysedFrame | undefined): Novelty | null {
    const novelty = this.latest.novelty(shown, previous, this.mixture);
    const share = novelty && this.latest.redrawThreshold(novelty);
    return share !== null && (this.earlier?.shareOfLatest(shown) ?? 0) >= share ? null : novelty;
  }

  /** Whether a new picture is complete, a mixture, or pending until the next one. */
  private judge(novelty: NewPicture): ClassifiedFrame[] {
    const { shown } = novelty;
    const { last, freshness } = this.latest;
    if (!last || !sameGeometry(last, shown)) return [this.acquisition(novelty)];
    if (isCombed(last.frame, shown.frame)) {
      this.mixture = shown;
      return [{ kind: 'mixed', frame: shown.frame }];
    }
    const bands = freshBands(shown.averages, last.averages);
    const stale = bands.length > 0 && (bands[0] as number) < STALE * (bands[bands.length >> 1] as number);
    if (!stale && freshness !== null && novelty.freshness >= DOUBTFUL * freshness) return [this.acquisition(novelty)];
    shown.frame.loan?.hold();
    this.pending = { ...novelty, stale, since: [] };
    return [];
  }

  /**
   * The pending picture and what has come since, if it is a mixture of the latest acquisition and this picture; else
   * null.
   */
  private settleMixture(next: AnalysedFrame): ClassifiedFrame[] | null {
    const { pending } = this;
    const { last } = this.latest;
    if (!pending || !last || !sameGeometry(last, pending.shown) || !sameGeometry(next, pending.shown)) return null;
    if (!isMixture(last.averages, pending.shown.averages, next.averages)) return null;
    this.pending = null;
    this.mixture = pending.shown;
    pending.shown.frame.loan?.release();
    return [{ kind: 'mixed', frame: pending.shown.frame }, ...pending.since];
  }

  /** A pending picture that is repeated is complete, unless some of its rows are old. */
  private repeat(event: Extract<ClassifiedFrame, { kind: 'repeated' }>): ClassifiedFrame[] {
    const { pending } = this;
    if (!pending) return [event];
    if (!pending.stale || event.frame.capturedAt - pending.shown.frame.capturedAt >= HALF_DRAWN_MS) return [...this.settle(), event];
    pending.since.push(event);
    return [];
  }

  private isRepeat(shown: AnalysedFrame, next: AnalysedFrame): boolean {
    return sameGeometry(shown, next) && this.latest.compare(next, shown).freshness < FRESH;
  }

  private acquisition(novelty: NewPicture): ClassifiedFrame {
    const { shown, before } = novelty;
    const { frame, averages } = shown;
    const earlier = this.unframed ? null : this.earlier?.find(novelty, !this.latest.isDue(frame.capturedAt));
    if (earlier) {
      this.latest.showAgain(shown, earlier.latest);
      return { kind: 'replayed', frame, of: earlier };
    }
    this.latest.add(novelty);
    const acquisition = { frame, acquiredAt: this.clock.now(), analysis: toAnalysisImage(averages) };
    if (this.unframed) this.unframed.add({ acquisition, shown, before });
    else this.earlier?.remember(shown, before);
    return { kind: 'unique', acquisition, difference: novelty.difference };
  }

  private remember(shown: AnalysedFrame | undefined): void {
    shown?.frame.loan?.hold();
    this.before?.frame.loan?.release();
    this.before = shown;
  }
}
