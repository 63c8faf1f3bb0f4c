import type { PixelArithmetic } from '../acquire/pixels/picture-memory';
import { type Frame, sameGeometry } from '../frame';
import type { AnalysedFrame } from './latest-acquisitions';
import { type MonitorLook, monitorLook, sameLook } from './monitor-look';
import { agreement, matchNoise, noiseSigns, shareOfLatest } from './noise-signs';
import { innerSigns, shiftedSigns } from './shifted-signs';

/** Those of about the last ten runs, 8 KiB each. */
const REMEMBERED = 300;
/** Kept pictures of acquisitions after which the image stood still, to measure by how much one is moved. */
const PICTURES = 3;
/** The first pass compares every n-th word; a row has eight. */
const SAMPLE = 9;
/** Time between searches in a run. */
const SEARCH_MS = 1000;
/** A run may be joined, or recognised, this many acquisitions after its start. */
const FEW = 4;
/** An image shown for this long stood still. */
const STILL_MS = 1000;

/**
 * The picture that stood still before an acquisition; `nothing`: the source had just connected; null: nothing stood
 * still.
 */
export type StillBefore = MonitorLook | 'nothing' | null;

interface Remembered {
  readonly frame: Pick<Frame, 'capturedAt' | 'width' | 'height' | 'imageArea'>;
  readonly signs: Uint32Array;
  readonly before: StillBefore;
  /** Agreement of its signs with those of the previous acquisition of its run; null: it is the first. */
  readonly usual: number | null;
  /** 256 × 256 means; null: not kept. */
  averages: Float32Array | null;
}

/** An acquisition that is shown again. */
export interface EarlierAcquisition {
  readonly capturedAt: number;
  /** It is the latest one, and not moved. */
  readonly latest: boolean;
}

/**
 * Earlier acquisitions, recognised by their noise when the workstation shows them again: a cine loop, a step back, or
 * an image that is moved about. Window and level may differ.
 *
 * `mayLoop`: the source may be one recording fed again and again. Then what stood before a run comes again with the
 * whole monitor: that is a test feed, not a replay.
 */
export class EarlierAcquisitions {
  private all: Remembered[] = [];
  private replaying = false;
  /** What stood before the first acquisition of a loop that has just started again. */
  private firstBefore: StillBefore = null;
  /** The latest query: a picture that is not found is remembered next. */
  private lastQuery: { readonly averages: Float32Array; readonly signs: Uint32Array | null } | null = null;
  private newAt = -Infinity;
  private searchedAt = -Infinity;

  constructor(
    private readonly arithmetic: () => PixelArithmetic,
    private readonly mayLoop: boolean,
  ) {}

  /** What stood before a frame that looks new; call it for each. `before`: the frame before it, if any. */
  stillBefore(frame: Frame, before: Frame | undefined): StillBefore {
    const long = frame.capturedAt - this.newAt >= STILL_MS;
    this.newAt = frame.capturedAt;
    if (!long) return null;
    return before ? monitorLook(before, this.arithmetic().areaAverage) : 'nothing';
  }

  /** Remembers a new acquisition. */
  remember({ frame, averages }: AnalysedFrame, stood: StillBefore): void {
    const before = stood ?? this.firstBefore;
    this.replaying = false;
    this.firstBefore = null;
    const signs = this.signsOf(averages);
    if (!signs) return;
    const last = this.all.at(-1);
    const usual = last && before === null && sameGeometry(last, { frame }) ? agreement(last.signs, signs) : null;
    if (last && before === null) last.averages = null;
    const { capturedAt, width, height, imageArea } = frame;
    this.all = [...this.all, { frame: { capturedAt, width, height, imageArea }, signs, before, usual, averages }].slice(-REMEMBERED);
    const pictures = this.all.filter((one) => one.averages);
    for (const one of pictures.slice(0, -PICTURES)) one.averages = null;
  }

  /** The acquisition that a picture shows again; null: it is new. `moved`: also search for one in another place. */
  find({ shown, before }: { readonly shown: AnalysedFrame; readonly before: StillBefore }, moved: boolean): EarlierAcquisition | null {
    const signs = this.signsOf(shown.averages);
    if (!signs) return null;
    const comparable = this.all.filter((one) => sameGeometry(one, shown));
    const found = matchNoise(comparable, signs, SAMPLE);
    if (found && this.isLoop(found, before)) {
      this.restart(found, before);
      return null;
    }
    const one = found ?? (moved && this.isWorthASearch(shown.frame, before) ? this.findMoved(comparable, shown) : undefined);
    if (!one) return null;
    this.replaying = true;
    return { capturedAt: one.frame.capturedAt, latest: found !== undefined && one === this.all.at(-1) };
  }

  /** Share of the latest acquisition's noise in a picture, beyond that of others: about 0 to 1; null: unknown. */
  shareOfLatest(shown: AnalysedFrame): number | null {
    const signs = this.signsOf(shown.averages);
    const comparable = this.all.filter((one) => sameGeometry(one, shown));
    return signs && comparable.at(-1) === this.all.at(-1) ? shareOfLatest(comparable, signs) : null;
  }

  private signsOf(averages: Float32Array): Uint32Array | null {
    if (this.lastQuery?.averages !== averages) this.lastQuery = { averages, signs: noiseSigns(averages) };
    return this.lastQuery.signs;
  }

  /**
   * A search costs as much as several pictures: only an image that stood still, or is replayed, is always searched for;
   * others now and then.
   */
  private isWorthASearch({ capturedAt }: Frame, before: StillBefore): boolean {
    if (before === null && !this.replaying && capturedAt - this.searchedAt < SEARCH_MS) return false;
    this.searchedAt = capturedAt;
    return true;
  }

  private findMoved(all: readonly Remembered[], { frame, averages }: AnalysedFrame): Remembered | undefined {
    const [newest] = this.all.slice(-1);
    for (const last of [...all].reverse()) {
      if (!last.averages) continue;
      // The image that stands there starts to move from where it is.
      const least = last === newest ? 0 : 1;
      const run = runOf(all, all.indexOf(last)).map((one) => ({ one, usual: one.usual, signs: innerSigns(one.signs) }));
      for (const signs of shiftedSigns(frame, averages, last.averages, least)) {
        const found = matchNoise(run, signs);
        if (found) return found.one;
      }
    }
    return undefined;
  }

  private isLoop(one: Remembered, now: StillBefore): boolean {
    if (!this.mayLoop || this.replaying) return false;
    const stillThen = one.before;
    if (stillThen === 'nothing' || now === 'nothing') return true;
    if (now === null) return this.beginsLike(one);
    return stillThen !== null && sameLook(stillThen, now);
  }

  /** Whether the present run began with unknown pictures, and goes on like the beginning of an earlier one. */
  private beginsLike(one: Remembered): boolean {
    const [at, last] = [this.all.indexOf(one), this.all.length - 1];
    const [start, present] = [this.runStart(at), this.runStart(last)];
    return start < present && at - start < FEW && last - present < FEW;
  }

  /** Forgets everything from before the loop, except the present run. */
  private restart(one: Remembered, now: StillBefore): void {
    const present = this.runStart(this.all.length - 1);
    this.all = now === null && this.all.indexOf(one) < present ? this.all.slice(present) : [];
    this.firstBefore = one.before;
  }

  /** Index of the first acquisition of the uninterrupted sequence up to `i`. */
  private runStart(i: number): number {
    return Math.max(
      0,
      this.all.findLastIndex(({ before }, k) => k <= i && before !== null),
    );
  }
}

/** The uninterrupted sequence of acquisitions around `i`. */
function runOf(all: readonly Remembered[], i: number): readonly Remembered[] {
  const next = all.findIndex(({ before }, k) => k > i && before !== null);
  const start = all.findLastIndex(({ before }, k) => k <= i && before !== null);
  return all.slice(Math.max(0, start), next < 0 ? all.length : next);
}
