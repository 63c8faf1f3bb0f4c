import type { Served } from '../e2e/serve';

/** The books of one stream, as Prometheus reads them: frames that came, and what became of them. */
export interface StreamBooks {
  readonly captured: number;
  readonly fates: number;
}

const VALUE = /^angiocast_(frames_captured_total|frames_total)\{stream="([^"]*)"[^}]*\} (\d+)$/gm;

export function books(metrics: string): ReadonlyMap<string, StreamBooks> {
  const all = new Map<string, StreamBooks>();
  for (const [, name, stream = '', value] of metrics.matchAll(VALUE)) {
    const { captured, fates } = all.get(stream) ?? { captured: 0, fates: 0 };
    const count = Number(value);
    all.set(stream, name === 'frames_total' ? { captured, fates: fates + count } : { captured: captured + count, fates });
  }
  return all;
}

/** What the program shows Prometheus. A busy one is asked again, for half a minute. */
export async function metricsOf({ get }: Pick<Served, 'get'>): Promise<string> {
  const until = performance.now() + 30_000;
  for (;;) {
    const { status, body } = await get('/metrics');
    if (status === 200) return body;
    if (performance.now() > until) throw new Error(`Expected the program to show its metrics, got status ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * Waits until every frame of each stream has its fate: the newest may still wait for theirs, a lost one never gets any.
 * Returns the streams that did not balance within `withinMs`, and by how many frames.
 */
export async function unbalanced(served: Pick<Served, 'get'>, withinMs: number): Promise<ReadonlyMap<string, number>> {
  const until = performance.now() + withinMs;
  let open: ReadonlySet<string> | undefined;
  for (;;) {
    const all = books(await metricsOf(served));
    if (all.size === 0) throw new Error('Expected the books of some streams, got none');
    const out = [...all].filter(([stream, { captured, fates }]) => (open === undefined || open.has(stream)) && captured !== fates);
    open = new Set(out.map(([stream]) => stream));
    if (out.length === 0 || performance.now() > until)
      return new Map(out.map(([stream, { captured, fates }]) => [stream, captured - fates]));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
