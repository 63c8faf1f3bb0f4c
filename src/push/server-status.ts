import type { PipelineEvent } from '../event';
import type { ModelIdentity } from '../infer/segmenter';
import { runHistory, type RunEntry, type RunHistory } from '../measure/run-history';
import { initialStatus, streamStatus, type StreamStatus } from '../protocol/stream-status';

/** The model in use, or why there is none yet. */
export type ModelState =
  { readonly ready: true; readonly model: ModelIdentity; readonly provider: string } | { readonly ready: false; readonly reason: string };

/** What the API tells: every stream's row, the latest runs, and whether the server is ready. */
export class ServerStatus {
  private rowsById = new Map<string, StreamStatus>();
  private history: RunHistory = [];
  private model: ModelState = { ready: false, reason: 'the model is loading' };
  private trouble: string | null = null;

  /** From now on there are these streams; what is known of those that stay is kept. The runs of all are, for a while. */
  keep(streams: readonly { readonly id: string; readonly name: string }[]): void {
    const { model } = this;
    const fresh = model.ready ? { model: model.model, provider: model.provider } : {};
    this.rowsById = new Map(
      streams.map(({ id, name }) => [id, { ...(this.rowsById.get(id) ?? { ...initialStatus(id, name), ...fresh }), name }]),
    );
  }

  accept(event: PipelineEvent): void {
    const row = this.rowsById.get(event.stream);
    if (row) this.rowsById.set(event.stream, streamStatus(row, event));
    this.history = runHistory(this.history, event);
  }

  use(model: ModelState): void {
    this.model = model;
    if (!model.ready) return;
    for (const [id, row] of this.rowsById) this.rowsById.set(id, { ...row, model: model.model, provider: model.provider });
  }

  /** Something ended that should not have. */
  fail(reason: string): void {
    this.trouble = reason;
  }

  rows(): readonly StreamStatus[] {
    return [...this.rowsById.values()];
  }

  runs(stream: string | null): readonly RunEntry[] {
    return stream === null ? this.history : this.history.filter(({ record }) => record.stream === stream);
  }

  run(id: string): RunEntry | undefined {
    return this.history.find(({ record }) => record.run === id);
  }

  /** Why the server is not ready; empty when it is. */
  reasons(): readonly string[] {
    return [...(this.model.ready ? [] : [`model: ${this.model.reason}`]), ...(this.trouble === null ? [] : [this.trouble])];
  }
}
