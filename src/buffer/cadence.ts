import { median } from './median';

const REMEMBERED = 8;
/** Acquisitions from which a rhythm is believed. */
const ESTABLISHED = 5;
/** Of the usual change: two pictures of one exposure, a coarse and a fine one, differ by up to 0.63 of what two exposures do. */
const LESS = 0.7;
/** A gap of this many intervals breaks the rhythm. */
const BREAK = 4;

/** The rhythm of a run's acquisitions, and how much they usually change. Times in ms, differences in grey levels. */
export class Cadence {
  private intervals: number[] = [];
  private differences: number[] = [];
  private last: number | null = null;

  /** Milliseconds between acquisitions; null until there are three. */
  get interval(): number | null {
    return this.intervals.length < 2 ? null : median(this.intervals);
  }

  add(at: number, difference = 0): void {
    const gap = this.last === null ? null : at - this.last;
    this.last = at;
    if (gap === null) return;
    if (this.interval !== null && gap > BREAK * this.interval) {
      this.intervals = [];
      this.differences = [];
      return;
    }
    this.intervals = [...this.intervals, gap].slice(-REMEMBERED);
    this.differences = [...this.differences, difference].slice(-REMEMBERED);
  }

  /**
   * Whether an acquisition is due: once there is a rhythm, one interval after the last, or two when one was missed. A picture of the screen comes up to a
   * quarter of a short interval early or late.
   */
  due(at: number): boolean {
    if (this.intervals.length < ESTABLISHED || this.last === null) return false;
    const beats = (at - this.last) / median(this.intervals);
    return [1, 2].some((beat) => beats >= beat - 0.25 && beats <= beat + 0.3);
  }

  /**
   * Whether a picture that looks new may be an acquisition. An encoder that starts a new group of pictures re-draws all noise, but off the beat
   * and with less change than any exposure brings.
   */
  expects(at: number, difference: number): boolean {
    if (this.intervals.length < ESTABLISHED || this.last === null) return true;
    const offBeat = at - this.last < 0.6 * median(this.intervals);
    return !(offBeat && difference < LESS * median(this.differences));
  }
}
