import { median } from './median';

const REMEMBERED = 8;
/** Acquisitions from which a rhythm is believed. */
const ESTABLISHED = 5;
/** Of the usual change: two pictures of one exposure, a coarse and a fine one, differ by up to 0.63 of what two exposures do. */
const LESS = 0.7;
/** Of the usual change: no exposure changes so little, whatever the beat. */
export const LEAST = 0.25;
/** Of the usual change: off the beat, one that changes less may be the latest once more, drawn anew. */
const HALF = 0.5;
/** Of the usual interval: so near to it is on the beat. */
const ON_BEAT = 0.1;
/** Of the usual interval: before, another is early, after, it is late. */
const [EARLY, OVERDUE] = [0.6, 1.5];
/** A gap of this many intervals breaks the rhythm. */
const BREAK = 4;

/** The rhythm of a run's acquisitions, and how much they usually change. Times in ms, differences in grey levels. */
export class Cadence {
  private intervals: number[] = [];
  private differences: number[] = [];
  private freshnesses: number[] = [];
  private last: number | null = null;

  /** Milliseconds between acquisitions; null until there are three. */
  get interval(): number | null {
    return this.intervals.length < 2 ? null : median(this.intervals);
  }

  /** How new an acquisition usually is against the one before (Comparison); null until there is a rhythm. */
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

  /** Whether an acquisition at that time keeps the pace; not while there is none. */
  isDue(at: number): boolean {
    if (this.interval === null || this.last === null) return false;
    const gap = (at - this.last) / this.interval;
    return gap >= EARLY && gap <= OVERDUE;
  }

  /** Whether a picture comes off the beat, and changes less than exposures do: an encoder short of bits that starts a new group of pictures gives such. */
  isOdd(at: number, difference: number): boolean {
    if (this.intervals.length < ESTABLISHED || this.last === null) return false;
    const beats = (at - this.last) / median(this.intervals);
    return Math.abs(beats - 1) > ON_BEAT && difference < HALF * median(this.differences);
  }

  /**
   * Whether a picture that looks new may be an acquisition. An encoder that starts a new group of pictures re-draws all noise, but
   * with less change than any exposure brings, the more so off the beat.
   */
  expects(at: number, difference: number): boolean {
    if (this.intervals.length < ESTABLISHED || this.last === null) return true;
    const offBeat = at - this.last < EARLY * median(this.intervals);
    return difference >= (offBeat ? LESS : LEAST) * median(this.differences);
  }
}
