import type { Server } from './server.dom';
import type { ViewerEvent } from './state/viewer-reducer';
import type { ViewerState } from './state/viewer-state';
import { tracedMask } from './trace/shown-trace';

const ROWS_EVERY_MS = 2000;
const RUNS_EVERY_MS = 15_000;
/** Screens tell one after the other what they painted. */
const TRACES_EVERY_MS = 1000;

/** What the page asks the server over HTTP: at its start, in between, and when something makes it worth asking. What is not answered is left as it was. */
export class Inquiries {
  constructor(
    private readonly server: Server,
    private readonly state: () => ViewerState,
    private readonly happen: (event: ViewerEvent) => void,
  ) {
    this.askForRows();
    this.askForRuns();
    setInterval(() => this.askForRows(), ROWS_EVERY_MS);
    setInterval(() => this.askForRuns(), RUNS_EVERY_MS);
    setInterval(() => this.askForTraces(), TRACES_EVERY_MS);
  }

  /** The page knows something else than before. */
  follow(before: ViewerState): void {
    const state = this.state();
    if (state.chosen !== before.chosen || state.epoch !== before.epoch) this.askForRuns();
    if (state.tracing && (!before.tracing || tracedMask(state)?.run !== tracedMask(before)?.run)) this.askForTraces();
    if (state.review && state.review.past.id !== before.review?.past.id) void this.complete(state.review.past).catch(() => undefined);
  }

  private askForRows(): void {
    if (this.state().link !== 'refused')
      void this.server.rows().then(
        (rows) => this.happen({ kind: 'rows', rows }),
        () => undefined,
      );
    void this.server.readiness().then(
      (readiness) => this.happen({ kind: 'readiness', readiness }),
      () => this.happen({ kind: 'readiness', readiness: null }),
    );
  }

  private askForRuns(): void {
    const { chosen, epoch, fixed, mode } = this.state();
    if (fixed || mode === 'wall' || chosen === '') return;
    const isStill = (): boolean => this.state().chosen === chosen && [null, this.state().epoch].includes(epoch);
    void this.server.runs(chosen).then(
      (runs) => isStill() && this.happen({ kind: 'recorded', runs }),
      () => undefined,
    );
  }

  private askForTraces(): void {
    const traced = this.state().tracing ? tracedMask(this.state()) : null;
    if (!traced) return;
    void this.server.traces(traced.run).then(
      (traces) => this.happen({ kind: 'traces', traces }),
      () => undefined,
    );
  }

  /** Gets what this screen lacks of a run under review: first the picture with the mask, then the others, as long as that run is looked at. */
  private async complete(past: NonNullable<ViewerState['review']>['past']): Promise<void> {
    const { run } = past.run;
    if (past.kind === 'kept' && past.run.former) return;
    const has = new Set(past.kind === 'kept' ? past.run.pictures.map(({ facts }) => facts.capturedAt) : []);
    const frames = (await this.server.frames(run)).filter(({ capturedAt }) => !has.has(capturedAt));
    const mask = await this.server.mask(run).catch(() => null);
    const masks = mask ? [mask] : [];
    const key = mask?.facts.frame ?? (past.kind === 'recorded' ? past.run.keyFrame?.frame : past.run.keyframes.at(-1)?.frame);
    if (frames.length === 0) this.happen({ kind: 'completed', run, pictures: [], masks });
    for (const facts of [...frames].sort((a, b) => Number(b.frame === key) - Number(a.frame === key))) {
      if (this.state().review?.past.run.run !== run) return;
      this.happen({ kind: 'completed', run, pictures: [await this.server.frame(facts)], masks });
    }
  }
}
