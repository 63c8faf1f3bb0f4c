import type { PixelArithmetic } from '../acquire/pixels/picture-memory';
import { type Frame, sameGeometry } from '../frame';
import type { AnalysedFrame } from './latest-acquisitions';
import { type MonitorLook, monitorLook, sameLook } from './monitor-look';
import { agreement, matchNoise, noiseSigns, shareOfLatest } from './noise-signs';
import { innerSigns, shiftedSigns } from './shifted-signs';

/** Those of the last ten runs or so: 8 KiB each. */
const REMEMBERED = 300;
/** Of those after which the image stood still, so many pictures are kept, to tell by how much one is moved. */
const PICTURES = 3;
/** A first look is at every so many words, which are eight to a row. */
const SAMPLE = 9;
/** Between searches in a run. */
const SEARCH_MS = 1000;
/** So many acquisitions after it began, a run may have been joined, or known again. */
const FEW = 4;
/** An image that was shown for so long stood still. */
const STILL_MS = 1000;

/** What stood before an acquisition for a while: all of the monitor; nothing, where the source had just connected; null: it came soon after another. */
export type StillBefore = MonitorLook | 'nothing' | null;

interface Remembered {
  readonly frame: Pick<Frame, 'capturedAt' | 'width' | 'height' | 'imageArea'>;
  readonly signs: Uint32Array;
  readonly before: StillBefore;
  /** The share of signs that agree with those of the acquisition before it in its run; null: it is the first. */
  readonly usual: number | null;
  /** 256 × 256 means; null: not kept. */
  averages: Float32Array | null;
}

/** An acquisition that is shown once more. */
export interface EarlierAcquisition {
  readonly capturedAt: number;
  /** It is the latest one, in its place. */
  readonly latest: boolean;
}

/**
 * Acquisitions that were seen, known again by their noise when the workstation shows them once more: a cine loop, a step back, an image that is moved about. Window and level
 * may differ. `mayLoop`: somebody may feed one recording again and again. Then what stood before a run comes again, with all of the monitor: that is a feed to try things with, and no replay.
 */
export class EarlierAcquisitions {
  private all: Remembered[] = [];
  private replaying = false;
  /** What stood before the first acquisition of a time that has just come again. */
  private firstBefore: StillBefore = null;
  /** Those that were asked for last: what is not found is remembered next. */
  private lastQuery: { readonly averages: Float32Array; readonly signs: Uint32Array | null } | null = null;
  private newAt = -Infinity;
  private searchedAt = -Infinity;

  constructor(
    private readonly arithmetic: () => PixelArithmetic,
    private readonly mayLoop: boolean,
  ) {}

  /** What stood before a frame whose picture looks new; to be asked of each. `before`: the frame before it, if there is one. */
  stillBefore(frame: Frame, before: Frame | undefined): StillBefore {
    const long = frame.capturedAt - this.newAt >= STILL_MS;
    this.newAt = frame.capturedAt;
    if (!long) return null;
    return before ? monitorLook(before, this.arithmetic().areaAverage) : 'nothing';
  }

  /** A new acquisition. */
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

  /** Which acquisition a picture shows once more; null: a new one. `moved`: it may be one that is shown in another place. */
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

  /** How much of the noise of the latest acquisition a picture has beyond what others have, 0 … 1 or a little less than 0; null: unknown. */
  shareOfLatest(shown: AnalysedFrame): number | null {
    const signs = this.signsOf(shown.averages);
    const comparable = this.all.filter((one) => sameGeometry(one, shown));
    return signs && comparable.at(-1) === this.all.at(-1) ? shareOfLatest(comparable, signs) : null;
  }

  private signsOf(averages: Float32Array): Uint32Array | null {
    if (this.lastQuery?.averages !== averages) this.lastQuery = { averages, signs: noiseSigns(averages) };
    return this.lastQuery.signs;
  }

  /** It costs as much as several pictures do: what moves is an image that stood, or that is shown once more; else it is looked for now and then. */
  private isWorthASearch({ capturedAt }: Frame, before: StillBefore): boolean {
    if (before === null && !this.replaying && capturedAt - this.searchedAt < SEARCH_MS) return false;
    this.searchedAt = capturedAt;
    return true;
  }

  private findMoved(all: readonly Remembered[], { frame, averages }: AnalysedFrame): Remembered | undefined {
    const [newest] = this.all.slice(-1);
    for (const last of [...all].reverse()) {
      if (!last.averages) continue;
      // What begins to move is the image that stands there.
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
    const then = one.before;
    if (then === 'nothing' || now === 'nothing') return true;
    if (now === null) return this.beginsLike(one);
    return then !== null && sameLook(then, now);
  }

  /** A run has begun with what was not known, and goes on with what an earlier one began with. */
  private beginsLike(one: Remembered): boolean {
    const [at, last] = [this.all.indexOf(one), this.all.length - 1];
    const [start, present] = [this.runStart(at), this.runStart(last)];
    return start < present && at - start < FEW && last - present < FEW;
  }

  /** What was seen is of a time that comes again, but for the run that goes on. */
  private restart(one: Remembered, now: StillBefore): void {
    const present = this.runStart(this.all.length - 1);
    this.all = now === null && this.all.indexOf(one) < present ? this.all.slice(present) : [];
    this.firstBefore = one.before;
  }

  /** Where the acquisitions began that came at their pace up to the one at `i`. */
  private runStart(i: number): number {
    return Math.max(
      0,
      this.all.findLastIndex(({ before }, k) => k <= i && before !== null),
    );
  }
}

/** The acquisitions that came after one another at their pace, one of which stands at `i`. */
function runOf(all: readonly Remembered[], i: number): readonly Remembered[] {
  const next = all.findIndex(({ before }, k) => k > i && before !== null);
  const start = all.findLastIndex(({ before }, k) => k <= i && before !== null);
  return all.slice(Math.max(0, start), next < 0 ? all.length : next);
}
