import type { KeyFrameStatus } from '../../event';
import type { KeyFrameFacts, StabilityFacts } from '../../protocol/messages';

/** The paper's rule looks at the last 15 acquisitions. */
const WINDOW = 15;
const SHORTEST = 30;

interface Size {
  readonly width: number;
  readonly height: number;
}

interface XY {
  readonly x: number;
  readonly y: number;
}

export interface ChartMark extends XY {
  readonly kind: KeyFrameStatus | 'candidate';
  readonly frame: number;
}

/** A chart of a run, in pixels of its box; y points down. */
export interface RunChart {
  /** Mean grey levels against the first images; it rises with contrast agent. */
  readonly opacification: readonly XY[];
  /** The paper's stability score, on its own scale; its minimum is the key frame. */
  readonly score: readonly XY[];
  readonly window: { readonly x: number; readonly width: number } | null;
  /** On the line of the score; candidate last. */
  readonly marks: readonly ChartMark[];
  /** The place of the frame `at`. */
  readonly cursor: number | null;
  /** Numbers of acquisitions along the bottom. */
  readonly ticks: readonly { readonly x: number; readonly frame: number }[];
}

/** The height is at least so many grey levels: noise stays at the bottom, and a run without contrast looks flat. */
const MIN_CONTRAST = 10;
const MIN_CHANGE = 2;

/** Lays out a run: acquisitions from left to right, each line scaled to the height. `at`: a frame to mark. */
export function runChart(
  stability: readonly StabilityFacts[],
  keyframes: readonly KeyFrameFacts[],
  at: number | null,
  { width, height }: Size,
): RunChart {
  const last = stability.at(-1)?.frame ?? 0;
  const span = Math.max(SHORTEST, last + 1);
  const x = (frame: number): number => ((frame + 0.5) / span) * width;
  const opacification = stability.map(({ frame, opacification: value }) => ({ frame, value }));
  const score = stability.flatMap(({ scoredFrame, score: value }) =>
    value === null || scoredFrame === null ? [] : [{ frame: scoredFrame, value }],
  );
  const scoreY = scale(
    score.map(({ value }) => value),
    height,
    MIN_CHANGE,
  );
  const opacificationY = scale([0, ...opacification.map(({ value }) => value)], height, MIN_CONTRAST);
  const onScore = (frame: number): number => scoreY(score.find((point) => point.frame === frame)?.value ?? null);
  // A key frame without contrast means nothing to the reader.
  const declared = keyframes
    .filter(({ assessed }) => assessed)
    .map(({ frame, status }): ChartMark => ({ kind: status, frame, x: x(frame), y: onScore(frame) }));
  const candidate = stability.at(-1)?.candidate ?? null;
  const marks =
    candidate === null ? declared : [...declared, { kind: 'candidate' as const, frame: candidate, x: x(candidate), y: onScore(candidate) }];
  const first = Math.max(0, last - WINDOW + 1);
  return {
    opacification: opacification.map(({ frame, value }) => ({ x: x(frame), y: opacificationY(value) })),
    score: score.map(({ frame, value }) => ({ x: x(frame), y: scoreY(value) })),
    window: stability.length === 0 ? null : { x: (first / span) * width, width: ((last + 1 - first) / span) * width },
    marks,
    cursor: at === null ? null : x(at),
    ticks: ticks(span).map((frame) => ({ x: x(frame), frame })),
  };
}

/** Maps values to pixels: minimum to maximum fill the height, unless within `least` of each other. Null: the middle. */
function scale(values: readonly number[], height: number, least: number): (value: number | null) => number {
  const low = Math.min(...values);
  const span = Math.max(least, Math.max(...values) - low);
  return (value) => (value === null || values.length === 0 ? height / 2 : height - ((value - low) / span) * height);
}

/** Round numbers, up to seven or so. */
function ticks(span: number): readonly number[] {
  const step = [5, 10, 20, 50, 100, 200, 500].find((size) => span / size <= 7) ?? 1000;
  return Array.from({ length: Math.ceil(span / step) }, (_, at) => at * step);
}
