import { toAnalysisImage } from '../acquire/pixels/area-average';
import type { PixelArithmetic } from '../acquire/pixels/picture-memory';
import type { SourceEvent } from '../acquire/source';
import type { Clock } from '../core/clock';
import { type Frame, sameGeometry } from '../frame';
import type { ClassifiedFrame } from './classified-frame';
import type { Before, EarlierAcquisitions } from './earlier-acquisitions';
import { FRESH, inArea, LatestAcquisitions, type Novelty, type AnalysedFrame } from './latest-acquisitions';
import { freshBands, isCombed, isMixture } from './mixture';
import { isBlank, isNoSignal } from './noise-comparison';
import { UnframedAcquisitions } from './unframed-acquisitions';

/** Less than this share of the usual, and the picture may be partly the one before. */
const DOUBTFUL = 0.88;
/** The stalest band of rows, as a share of the middle one: below it a part of the picture may be old. */
const STALE = 0.45;
/** A picture of which a part is old may be shown more than once before the rest comes. */
const HALF_DRAWN_MS = 100;

/** A picture that looks new, and what stood before it. */
interface New extends Novelty {
  readonly before: Before;
}

/** One that may be a mixture, and what has been seen since: the next different picture tells. */
interface Doubt extends New {
  /** A stretch of its rows is as it was. */
  readonly stale: boolean;
  readonly since: ClassifiedFrame[];
}

/** Says of each picture in turn what it is. */
export class FrameClassifier {
  private before: AnalysedFrame | undefined;
  private readonly latest: LatestAcquisitions;
  private doubt: Doubt | null = null;
  /** The latest mixture: what follows need not differ from it. */
  private mixture: AnalysedFrame | undefined;
  /** Acquisitions since the image area is looked for; null: it is known. */
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
    if (event.kind === 'frame') return this.see(event.frame);
    if (event.kind === 'area') return this.reframe(event);
    if (event.kind === 'dropped' && this.doubt) {
      this.doubt.since.push(event);
      return [];
    }
    const settled = [...this.settle(), ...this.takeBestArea(event)];
    if (event.kind === 'lost') {
      this.remember(undefined);
      this.latest.forgetRhythm();
    }
    return [...settled, event];
  }

  /** Nothing more comes that could tell: what is in doubt is an acquisition. */
  settle(): ClassifiedFrame[] {
    const { doubt } = this;
    if (!doubt) return [];
    this.doubt = null;
    const found = this.acquisition(doubt);
    doubt.shown.frame.loan?.release();
    return [found, ...doubt.since];
  }

  /** Nothing more comes that could tell where the image lies. */
  private takeBestArea(event: SourceEvent): ClassifiedFrame[] {
    if (!this.unframed || !this.area || (event.kind !== 'lost' && event.kind !== 'ended')) return [];
    return this.reframe({ kind: 'area', at: event.at, found: { ...this.area.found, settled: true } });
  }

  /** What later pictures are compared with is looked at anew, in the area that is known now; so are the acquisitions since none was. */
  private reframe(event: Extract<SourceEvent, { kind: 'area' }>): ClassifiedFrame[] {
    this.area = event;
    const { area, settled } = event.found;
    const { areaAverage } = this.arithmetic();
    const anew = inArea(area, areaAverage);
    this.before &&= anew(this.before);
    this.mixture &&= anew(this.mixture);
    this.latest.reframe(anew);
    if (this.doubt) this.doubt = { ...this.doubt, shown: anew(this.doubt.shown) };
    const found = settled ? (this.unframed?.framed(anew, this.latest) ?? []) : [];
    this.unframed = settled ? null : (this.unframed ?? new UnframedAcquisitions());
    for (const { shown, before } of found) this.earlier?.remember(shown, before);
    const acquisitions = found.map(({ acquisition }) => acquisition);
    return found.length === 0 ? [event] : [event, { kind: 'reframed', at: event.at, acquisitions }];
  }

  private see(frame: Frame): ClassifiedFrame[] {
    const { samePixels, areaAverage } = this.arithmetic();
    const { before } = this;
    if (before && samePixels(frame, before.frame)) {
      return before.blank ? [{ kind: 'blank', frame }] : this.repeated({ kind: 'repeated', frame, alive: false });
    }
    const averages = areaAverage(frame, frame.imageArea);
    const shown = { frame, averages, blank: isBlank(averages) || isNoSignal(frame) };
    const told = this.compare(shown, before);
    this.remember(shown);
    return told;
  }

  private compare(shown: AnalysedFrame, before: AnalysedFrame | undefined): ClassifiedFrame[] {
    const { frame } = shown;
    const previous = before && sameGeometry(before, shown) ? before : undefined;
    const alive = previous !== undefined && this.arithmetic().hasOutsideChange(frame, previous.frame);
    if (shown.blank) return [...this.settle(), { kind: 'blank', frame }];
    const mixed = this.mixed(shown);
    if (!mixed && this.doubt && this.comesAgain(this.doubt.shown, shown)) return this.repeated({ kind: 'repeated', frame, alive });
    const told = mixed ?? this.settle();
    const novelty = this.newIn(shown, previous);
    return [
      ...told,
      ...(novelty
        ? this.judge({ ...novelty, before: this.earlier?.stood(frame, before?.frame) ?? null })
        : [{ kind: 'repeated', frame, alive } as const]),
    ];
  }

  private newIn(shown: AnalysedFrame, previous: AnalysedFrame | undefined): Novelty | null {
    const novelty = this.latest.novelty(shown, previous, this.mixture);
    const share = novelty && this.latest.drawnAnewFrom(novelty);
    return share !== null && (this.earlier?.shareOfLatest(shown) ?? 0) >= share ? null : novelty;
  }

  /** A new picture: complete, a mixture, or in doubt until the next one comes. */
  private judge(novelty: New): ClassifiedFrame[] {
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
    this.doubt = { ...novelty, stale, since: [] };
    return [];
  }

  /** What was in doubt, if it is a mixture of the latest acquisition and this picture, and what has been seen since. */
  private mixed(next: AnalysedFrame): ClassifiedFrame[] | null {
    const { doubt } = this;
    const { last } = this.latest;
    if (!doubt || !last || !sameGeometry(last, doubt.shown) || !sameGeometry(next, doubt.shown)) return null;
    if (!isMixture(last.averages, doubt.shown.averages, next.averages)) return null;
    this.doubt = null;
    this.mixture = doubt.shown;
    doubt.shown.frame.loan?.release();
    return [{ kind: 'mixed', frame: doubt.shown.frame }, ...doubt.since];
  }

  /** A picture in doubt is complete when it comes again, but for one whose rows are partly old. */
  private repeated(sighting: Extract<ClassifiedFrame, { kind: 'repeated' }>): ClassifiedFrame[] {
    const { doubt } = this;
    if (!doubt) return [sighting];
    if (!doubt.stale || sighting.frame.capturedAt - doubt.shown.frame.capturedAt >= HALF_DRAWN_MS) return [...this.settle(), sighting];
    doubt.since.push(sighting);
    return [];
  }

  private comesAgain(shown: AnalysedFrame, next: AnalysedFrame): boolean {
    return sameGeometry(shown, next) && this.latest.compare(next, shown).freshness < FRESH;
  }

  private acquisition(novelty: New): ClassifiedFrame {
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
