import { type KeyFrameTrace, traceEnd, type TraceSpan } from '../../tracing/key-frame-trace';
import { type ViewerState, viewOf } from '../state/viewer-state';

/** The mask whose trace is shown. */
export interface TracedMask {
  readonly run: string;
  /** Null: the latest of the run. */
  readonly traceId: string | null;
}

/** The latest mask of the run under review, else of the key frame shown; null for a run of a former server. */
export function tracedMask(state: ViewerState): TracedMask | null {
  const { review } = state;
  if (!review) {
    const facts = viewOf(state, state.chosen).mask?.facts;
    return facts ? { run: facts.run, traceId: facts.timing.traceId } : null;
  }
  const { past } = review;
  if (past.kind === 'recorded') return { run: past.run.run, traceId: null };
  const { run, former, masks } = past.run;
  return former ? null : { run, traceId: masks.at(-1)?.facts.timing.traceId ?? null };
}

/** Its trace, once received. */
export function shownTrace(state: ViewerState): KeyFrameTrace | null {
  const traced = tracedMask(state);
  const ofRun = state.traces.filter(({ run }) => run === traced?.run);
  return (traced?.traceId ? ofRun.find(({ traceId }) => traceId === traced.traceId) : ofRun.at(-1)) ?? null;
}

/** server: its own steps. networks: inference. ahead: inference before the decision. screen: delivery and painting. */
export type BarKind = 'server' | 'networks' | 'ahead' | 'screen';

/** A step of a trace, on the axis. */
export interface WaterfallBar {
  readonly step: string;
  readonly client: string | null;
  readonly kind: BarKind;
  /** Shares of the axis, 0 to 1. */
  readonly left: number;
  readonly width: number;
  /** It began before the axis does. */
  readonly cut: boolean;
  /** The start, from the deciding capture, and the duration. */
  readonly fromMs: number;
  readonly tookMs: number;
}

export interface Waterfall {
  readonly bars: readonly WaterfallBar[];
  /** Round milliseconds from the deciding capture, and their places. */
  readonly ticks: readonly { readonly left: number; readonly ms: number }[];
}

/** The time before the deciding capture gets at most this share of the time after it, where delays are read. */
const MOST_BEFORE = 0.35;
const SHORTEST_MS = 1;
const TICKS = 6;

/** Lays out a trace, one bar a step; early steps are cut off at the left. */
export function waterfall(trace: KeyFrameTrace): Waterfall {
  const { startedAt: zero, spans } = trace;
  const after = Math.max(SHORTEST_MS, traceEnd(trace) - zero);
  const before = Math.min(MOST_BEFORE * after, zero - Math.min(zero, ...spans.map(({ startedAt }) => startedAt)));
  const place = (ms: number): number => Math.min(1, Math.max(0, (ms + before) / (before + after)));
  const decidedAt = spans.find(({ name }) => name === 'detect')?.endedAt ?? zero;
  const bars = spans.map((span): WaterfallBar => {
    const [fromMs, untilMs] = [span.startedAt - zero, span.endedAt - zero];
    const left = place(fromMs);
    const { name: step, client } = span;
    return {
      ...{ step, client, kind: kindOf(span, decidedAt), left, width: place(untilMs) - left, cut: fromMs < -before },
      ...{ fromMs, tookMs: untilMs - fromMs },
    };
  });
  return { bars, ticks: ticks(-before, after).map((ms) => ({ ms, left: place(ms) })) };
}

function kindOf({ name, startedAt }: TraceSpan, decidedAt: number): BarKind {
  if (name === 'infer') return startedAt < decidedAt ? 'ahead' : 'networks';
  return name === 'delivered' || name === 'painted' ? 'screen' : 'server';
}

/** Round numbers in a range, with 0. */
function ticks(from: number, to: number): readonly number[] {
  const rough = (to - from) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((size) => size * power >= rough) ?? 10);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, at) => (first + at) * step);
}
