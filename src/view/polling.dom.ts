import type { Server } from './server.dom';
import type { ViewerEvent } from './state/viewer-reducer';
import type { ViewerState } from './state/viewer-state';
import { tracedMask } from './trace/shown-trace';

const ROWS_PERIOD_MS = 2000;
const RUNS_PERIOD_MS = 15_000;
/** Screens report one after the other what they painted. */
const TRACES_PERIOD_MS = 1000;

/** Polls the server over HTTP for what no message carries. Without an answer, the state stays. */
export class Polling {
  constructor(
    private readonly server: Server,
    private readonly state: () => ViewerState,
    private readonly dispatch: (event: ViewerEvent) => void,
  ) {
    this.pollRows();
    this.pollRuns();
    setInterval(() => this.pollRows(), ROWS_PERIOD_MS);
    setInterval(() => this.pollRuns(), RUNS_PERIOD_MS);
    setInterval(() => this.pollTraces(), TRACES_PERIOD_MS);
  }

  /** To be called after every change of the state. */
  stateChanged(before: ViewerState): void {
    const state = this.state();
    if (state.chosen !== before.chosen || state.epoch !== before.epoch) this.pollRuns();
    if (state.tracing && (!before.tracing || tracedMask(state)?.run !== tracedMask(before)?.run)) this.pollTraces();
    if (state.review && state.review.past.id !== before.review?.past.id) void this.completeReview(state.review.past).catch(() => undefined);
  }

  private pollRows(): void {
    if (this.state().link !== 'refused')
      void this.server.rows().then(
        (rows) => this.dispatch({ kind: 'rows', rows }),
        () => undefined,
      );
    void this.server.readiness().then(
      (readiness) => this.dispatch({ kind: 'readiness', readiness }),
      () => this.dispatch({ kind: 'readiness', readiness: null }),
    );
  }

  private pollRuns(): void {
    const { chosen, epoch, fixed, mode } = this.state();
    if (fixed || mode === 'wall' || chosen === '') return;
    const isCurrent = (): boolean => this.state().chosen === chosen && [null, this.state().epoch].includes(epoch);
    void this.server.runs(chosen).then(
      (runs) => isCurrent() && this.dispatch({ kind: 'recorded', runs }),
      () => undefined,
    );
  }

  private pollTraces(): void {
    const traced = this.state().tracing ? tracedMask(this.state()) : null;
    if (!traced) return;
    void this.server.traces(traced.run).then(
      (traces) => this.dispatch({ kind: 'traces', traces }),
      () => undefined,
    );
  }

  /**
   * Fetches what this screen lacks of a run under review, the picture with the mask first, while it is under review.
   */
  private async completeReview(past: NonNullable<ViewerState['review']>['past']): Promise<void> {
    const { run } = past.run;
    if (past.kind === 'kept' && past.run.former) return;
    const kept = new Set(past.kind === 'kept' ? past.run.pictures.map(({ facts }) => facts.capturedAt) : []);
    const frames = (await this.server.frames(run)).filter(({ capturedAt }) => !kept.has(capturedAt));
    const mask = await this.server.mask(run).catch(() => null);
    const masks = mask ? [mask] : [];
    const key = mask?.facts.frame ?? (past.kind === 'recorded' ? past.run.keyFrame?.frame : past.run.keyframes.at(-1)?.frame);
    if (frames.length === 0) this.dispatch({ kind: 'completed', run, pictures: [], masks });
    for (const facts of [...frames].sort((a, b) => Number(b.frame === key) - Number(a.frame === key))) {
      if (this.state().review?.past.run.run !== run) return;
      this.dispatch({ kind: 'completed', run, pictures: [await this.server.frame(facts)], masks });
    }
  }
}
