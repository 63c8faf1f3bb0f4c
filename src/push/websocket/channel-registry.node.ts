import { type ExpectedHours, isExpected } from '../../measure/expected-hours';
import { type Sample, streamStates } from '../../measure/metrics';
import { initialSeries, type MetricsPort, type Series } from '../../measure/series';
import { type LossCause, type Topic, topics } from '../../protocol/messages';
import type { StreamStatus } from '../../protocol/stream-status';
import { StreamTraces } from '../../tracing/traces';
import type { Traces } from '../../tracing/traces';
import type { ModelState } from '../server-status';
import { Channel, type ChannelPorts } from './channel.node';

/** A stream and how it is shown. */
export interface NamedStream {
  readonly id: string;
  readonly name: string;
  /** From the glass to arrival here; default 0. */
  readonly captureLatencyMs?: number;
  /** When it should deliver pictures; default: always. */
  readonly expected?: ExpectedHours;
}

export interface ChannelRegistryPorts {
  readonly channel: Omit<ChannelPorts, 'traces'>;
  readonly traces: Traces;
  readonly metrics: MetricsPort;
}

/** Keeps a channel, a row and metrics for each configured stream; a change leaves the other streams undisturbed. */
export class ChannelRegistry {
  readonly channels = new Map<string, Channel>();
  /** Last number of each removed stream, which continues if it comes back in the same epoch. */
  private readonly heads = new Map<string, number>();
  private latencies: ReadonlyMap<string, number> = new Map();
  private hours: ReadonlyMap<string, ExpectedHours> = new Map();
  private streams: readonly NamedStream[] = [];
  private model: Pick<StreamStatus, 'model' | 'provider'> = { model: null, provider: null };

  constructor(private readonly ports: ChannelRegistryPorts) {}

  /** Returns whether a stream was added, removed, renamed or moved. */
  set(streams: readonly NamedStream[]): boolean {
    this.latencies = new Map(streams.map(({ id, captureLatencyMs = 0 }) => [id, captureLatencyMs]));
    this.hours = new Map(streams.map(({ id, expected = null }) => [id, expected]));
    const names = (all: readonly NamedStream[]): string => JSON.stringify(all.map(({ id, name }) => [id, name]));
    const same = names(streams) === names(this.streams);
    this.streams = streams;
    if (same) return false;
    const ids = new Set(streams.map(({ id }) => id));
    for (const [id, channel] of this.channels) if (!ids.has(id)) this.remove(id, channel);
    for (const id of ids) if (!this.channels.has(id)) this.add(id);
    return true;
  }

  /** The rows of `GET /api/v1/streams`, in the order of the configuration. */
  rows(): readonly StreamStatus[] {
    return this.streams.flatMap(({ id, name }) => this.channels.get(id)?.status(name) ?? []);
  }

  use(model: ModelState): void {
    if (!model.ready) return;
    this.model = { model: model.model, provider: model.provider };
    for (const channel of this.channels.values()) channel.use(this.model);
  }

  /** Whether each stream should deliver pictures now. */
  expected(at: number): readonly Sample[] {
    return [...this.channels.keys()].map((stream) => ({
      metric: 'stream_expected',
      labels: { stream },
      value: isExpected(this.hours.get(stream) ?? null, at) ? 1 : 0,
    }));
  }

  private add(id: string): void {
    const { metrics, channel } = this.ports;
    // A picture may still be encoding when its stream is removed.
    const record: ChannelPorts['record'] = (sample) => this.channels.has(id) && metrics.record(sample);
    const traces = new StreamTraces(id, this.ports.traces, () => this.latencies.get(id) ?? 0);
    const added = new Channel(id, { ...channel, record, traces }, this.heads.get(id));
    added.use(this.model);
    this.channels.set(id, added);
    for (const series of initialSeries(id)) metrics.begin(series);
    for (const state of streamStates)
      metrics.record({ metric: 'stream_state', labels: { stream: id, state }, value: state === 'connecting' ? 1 : 0 });
  }

  private remove(id: string, channel: Channel): void {
    const at = this.ports.channel.now();
    channel.accept({ kind: 'stream', stream: id, at, state: 'ended', reason: 'removed from the configuration' });
    this.heads.set(id, channel.head);
    channel.close();
    this.channels.delete(id);
    this.ports.metrics.forget('stream', id);
  }
}

/** Why messages of a topic may be dropped (client-queue.ts). */
const causes: Readonly<Record<Topic, readonly LossCause[]>> = {
  mask: ['superseded', 'overflow'],
  keyframe: ['overflow'],
  run: ['overflow'],
  stability: ['slow-client', 'overflow'],
  stream: ['overflow'],
  frame: ['slow-client', 'encoder-behind', 'overflow'],
};

/** Counted losses, shown at zero from the start. */
export const initialLosses: readonly Series[] = topics.flatMap((topic) =>
  causes[topic].map((reason): Series => ({ metric: 'client_messages_dropped_total', labels: { topic, reason } })),
);
