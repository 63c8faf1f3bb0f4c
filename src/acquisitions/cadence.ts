import { median } from '../core/statistics';

const REMEMBERED = 8;
/** Intervals from which on a rhythm is established. */
const ESTABLISHED = 5;
/** Of the usual change. A coarse and a fine picture of one exposure differ by up to 0.63 of what two exposures do. */
const LESS = 0.7;
/** Of the usual change: no exposure changes less, however timed. */
export const LEAST = 0.25;
/** Of the usual change: all acquisitions observed so far change more. */
const SMALL = 0.5;
/** Deviation from the usual interval, as a share of it, that is still on the beat. */
const ON_BEAT = 0.1;
/** Of the usual interval: before, another acquisition is early; after, it is late. */
const [EARLY, OVERDUE] = [0.6, 1.5];
/** Of the second shortest interval: shorter ones are early. */
const NEARLY = 0.9;
/** A gap longer than this many intervals breaks the rhythm. */
const BREAK = 4;

/** The rhythm of a run's acquisitions, and their usual change. Times in ms, differences in grey levels. */
export class Cadence {
  private intervals: number[] = [];
  private differences: number[] = [];
  private freshnesses: number[] = [];
  private last: number | null = null;

  /** Milliseconds between acquisitions; null until there are three. */
  get interval(): number | null {
    return this.intervals.length < 2 ? null : median(this.intervals);
  }

  /** Usual freshness of an acquisition against the one before; null until there is a rhythm. */
  get freshness(): number | null {
    return this.intervals.length < ESTABLISHED ? null : median(this.freshnesses);
  }

  add(at: number, difference = 0, freshness = 0): void {
    const gap = this.last === null ? null : at - this.last;
    this.last = at;
    if (gap === null) return;
    if (this.interval !== null && gap > BREAK * this.interval) {
      this.intervals = [];
      this.differences = [];
      this.freshnesses = [];
      return;
    }
    this.intervals = [...this.intervals, gap].slice(-REMEMBERED);
    this.differences = [...this.differences, difference].slice(-REMEMBERED);
    this.freshnesses = [...this.freshnesses, freshness].slice(-REMEMBERED);
  }

  /** Whether an acquisition at that time keeps the pace; false while there is none. */
  isDue(at: number): boolean {
    if (this.interval === null || this.last === null) return false;
    const gap = (at - this.last) / this.interval;
    return gap >= EARLY && gap <= OVERDUE;
  }

  /** Whether a time is off the beat; false while there is no rhythm. */
  isOffBeat(at: number): boolean {
    if (this.intervals.length < ESTABLISHED || this.last === null) return false;
    return Math.abs((at - this.last) / median(this.intervals) - 1) > ON_BEAT;
  }

  /** Whether a picture changes less than acquisitions do. */
  isSmallChange(difference: number): boolean {
    return difference < SMALL * median(this.differences);
  }

  /**
   * Whether a picture that looks new may be an acquisition. An encoder that starts a new group of pictures redraws all
   * noise, but changes less than any exposure does, and is held to a higher bar when early.
   */
  isPlausible(at: number, difference: number): boolean {
    if (this.intervals.length < ESTABLISHED || this.last === null) return true;
    const gap = at - this.last;
    const early = gap < EARLY * median(this.intervals) && gap < NEARLY * this.secondShortest();
    return difference >= (early ? LESS : LEAST) * median(this.differences);
  }

  /**
   * The second shortest interval. Acquisitions are captured in step with video pictures: at 15 a second in 25 pictures,
   * they are one or two pictures apart.
   */
  private secondShortest(): number {
    return this.intervals.toSorted((a, b) => a - b)[1] ?? 0;
  }
}
