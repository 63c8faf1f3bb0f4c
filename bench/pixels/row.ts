import type { Found } from './found';

/** What one contestant did with a feed, over exactly one showing of the recording. */
export interface Row {
  readonly feed: string;
  readonly streams: number;
  readonly who: string;
  readonly seconds: number;
  readonly cpuMs: number;
  /** Of everything else on the machine, the feed included: much of it spoils the row. */
  readonly othersMs: number;
  /** The most of the tree at once. */
  readonly residentMb: number;
  /** How late the feed was at worst, and what it could not send to a client that did not read. */
  readonly lateMs: number;
  readonly skipped: number;
  /** Frames that the feed showed meanwhile, on all streams. */
  readonly due: number;
  readonly captured: number;
  /** The others were dropped unseen; null without a viewer. */
  readonly lookedAt: number | null;
  readonly found: Found | null;
  readonly program: ProgramRow | null;
}

/** What only angiocast reports of itself. */
export interface ProgramRow {
  readonly fates: Readonly<Record<string, number>>;
  readonly lagP99Ms: number;
  /** Of the CPU time of its main process. */
  readonly gcShare: number;
  readonly masks: number;
  readonly maskP50Ms: number;
  readonly maskP99Ms: number;
  /** Median from capture to publication, in inference times, of masks begun with the decision; NaN if none was. */
  readonly timesInference: number;
  readonly acquireP99Ms: number;
  readonly reconnects: number;
}

/** How long a frame took of all processors. */
export const msPerFrame = ({ cpuMs, captured }: Row): number => cpuMs / captured;
