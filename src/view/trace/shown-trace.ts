import type { KeyFrameTrace } from '../../tracing/key-frame-trace';
import { viewOf, type ViewerState } from '../state/viewer-state';

/** The mask whose way is shown. */
export interface TracedMask {
  readonly run: string;
  /** Null: the latest of the run. */
  readonly traceId: string | null;
}

/** The latest mask of the run under review, else the one that stands beside the live picture; null where no server knows it any more. */
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

/** Its trace, once it is here. */
export function shownTrace(state: ViewerState): KeyFrameTrace | null {
  const traced = tracedMask(state);
  const ofRun = state.traces.filter(({ run }) => run === traced?.run);
  return (traced?.traceId ? ofRun.find(({ traceId }) => traceId === traced.traceId) : ofRun.at(-1)) ?? null;
}
