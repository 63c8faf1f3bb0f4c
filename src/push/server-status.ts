import type { PipelineEvent } from '../event';
import type { ModelIdentity } from '../infer/segmenter';
import { runHistory, type RunEntry, type RunHistory } from '../measure/run-history';

/** The model in use, or why there is none yet. */
export type ModelState =
  { readonly ready: true; readonly model: ModelIdentity; readonly provider: string } | { readonly ready: false; readonly reason: string };

/** The latest runs of all streams, and whether the server is ready. */
export class ServerStatus {
  private history: RunHistory = [];
  private model: ModelState = { ready: false, reason: 'the model is loading' };
  private failure: string | null = null;

  accept(event: PipelineEvent): void {
    this.history = runHistory(this.history, event);
  }

  use(model: ModelState): void {
    this.model = model;
  }

  /** The server is not ready from now on. */
  fail(reason: string): void {
    this.failure = reason;
  }

  runs(stream: string | null): readonly RunEntry[] {
    return stream === null ? this.history : this.history.filter(({ record }) => record.stream === stream);
  }

  run(id: string): RunEntry | undefined {
    return this.history.find(({ record }) => record.run === id);
  }

  /** Why the server is not ready; empty if it is. */
  reasons(): readonly string[] {
    return [...(this.model.ready ? [] : [`model: ${this.model.reason}`]), ...(this.failure === null ? [] : [this.failure])];
  }
}
