import { percentile } from '../core/statistics';
import type { Chooser } from './key-frame-choices';
import type { Distance, KeyFrameCase } from './marked-recording';

/** How far apart the frames of pairs lie, whichever is the later one. */
export interface DistanceSummary {
  readonly pairs: number;
  readonly meanFrames: number;
  readonly medianFrames: number;
  readonly meanSeconds: number;
  readonly medianSeconds: number;
  /** Share of the pairs at most 0, 1 and 2 frames apart. */
  readonly within: readonly [same: number, one: number, two: number];
}

/** Key frames compared with people's marks: over all marks, and each recording. */
export interface KeyFrameStudy {
  readonly recordings: number;
  readonly marks: number;
  /** How many different readers are named. */
  readonly readers: number;
  /** Recordings in which nothing stabilised while they ran. */
  readonly notStabilised: number;
  /** Recordings without a final key frame, for want of contrast agent. */
  readonly notAssessed: number;
  /** A pair per mark and key frame; null: there is none. */
  readonly rule: DistanceSummary | null;
  readonly stabilised: DistanceSummary | null;
  readonly final: DistanceSummary | null;
  /** A pair per two readers of the same recording; null: there is none. */
  readonly betweenReaders: DistanceSummary | null;
  /** In the order of the folder. */
  readonly cases: readonly KeyFrameCase[];
}

/** Summarises recordings; marks count alike, however many a recording has. */
export function toKeyFrameStudy(cases: readonly KeyFrameCase[]): KeyFrameStudy {
  const marks = cases.flatMap((one) => one.marks);
  const toMarks = (chooser: Chooser): DistanceSummary | null => summarise(marks.flatMap((mark) => mark[chooser] ?? []));
  return {
    recordings: cases.length,
    marks: marks.length,
    readers: new Set(marks.flatMap(({ reader }) => reader ?? [])).size,
    notStabilised: cases.filter(({ keyFrames }) => keyFrames.stabilised === null).length,
    notAssessed: cases.filter(({ keyFrames }) => keyFrames.final === null).length,
    rule: toMarks('rule'),
    stabilised: toMarks('stabilised'),
    final: toMarks('final'),
    betweenReaders: summarise(cases.flatMap(betweenReaders)),
    cases,
  };
}

const betweenReaders = ({ marks }: KeyFrameCase): readonly Distance[] =>
  marks.flatMap((a, i) => marks.slice(i + 1).map((b) => ({ frames: b.frame - a.frame, seconds: b.seconds - a.seconds })));

/** Null for no distances. */
export function summarise(distances: readonly Distance[]): DistanceSummary | null {
  if (distances.length === 0) return null;
  const frames = ascending(distances.map((distance) => Math.abs(distance.frames)));
  const seconds = ascending(distances.map((distance) => Math.abs(distance.seconds)));
  const within = (most: number): number => frames.filter((apart) => apart <= most).length / frames.length;
  return {
    pairs: distances.length,
    meanFrames: mean(frames),
    medianFrames: percentile(frames, 0.5),
    meanSeconds: mean(seconds),
    medianSeconds: percentile(seconds, 0.5),
    within: [within(0), within(1), within(2)],
  };
}

const ascending = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
