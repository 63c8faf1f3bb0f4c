import { type ExpectedHours, isExpected } from '../../measure/expected-hours';
import { type Sample, streamStates } from '../../measure/metrics';
import { initialSeries, type MetricsPort, type Series } from '../../measure/series';
import { type LossCause, type Topic, topics } from '../../protocol/messages';
import type { StreamStatus } from '../../protocol/stream-status';
import { StreamTraces } from '../../tracing/traces';
import type { Traces } from '../../tracing/traces';
import type { ModelState } from '../server-status';
import { Channel, type ChannelPorts } from './channel.node';

/** A stream as people know it. */
export interface Named {
  readonly id: string;
  /** On screens. */
  readonly name: string;
  /** How long a picture takes from the glass to its arrival here; 0 unless given. */
  readonly captureLatencyMs?: number;
  /** When it should give pictures; always unless given. */
  readonly expected?: ExpectedHours;
}

export interface ChannelRegistryPorts {
  readonly channel: Omit<ChannelPorts, 'traces'>;
  readonly traces: Traces;
  readonly metrics: MetricsPort;
}

/** Sees to it that there are channels, rows and metrics of the streams there are, and of no others. Those that stay notice nothing. */
export class ChannelRegistry {
  readonly channels = new Map<string, Channel>();
  /** The last number of those that went: where they come back, in the same epoch, it goes on. */
  private readonly heads = new Map<string, number>();
  private latencies: ReadonlyMap<string, number> = new Map();
  private hours: ReadonlyMap<string, ExpectedHours> = new Map();
  private streams: readonly Named[] = [];
  private model: Pick<StreamStatus, 'model' | 'provider'> = { model: null, provider: null };

  constructor(private readonly ports: ChannelRegistryPorts) {}

  /** Returns whether a stream came, went or got another name. */
  set(streams: readonly Named[]): boolean {
    this.latencies = new Map(streams.map(({ id, captureLatencyMs = 0 }) => [id, captureLatencyMs]));
    this.hours = new Map(streams.map(({ id, expected = null }) => [id, expected]));
    const names = (all: readonly Named[]): string => JSON.stringify(all.map(({ id, name }) => [id, name]));
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

  /** Of each stream, whether it should give pictures now. */
  expected(at: number): readonly Sample[] {
    return [...this.channels.keys()].map((stream) => ({
      metric: 'stream_expected',
      labels: { stream },
      value: isExpected(this.hours.get(stream) ?? null, at) ? 1 : 0,
    }));
  }

  private add(id: string): void {
    const { metrics, channel } = this.ports;
    // A picture may still be encoded when its stream is gone.
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

/** What of each topic a screen may lose, and why (client-queue.ts): anything by overflow, pictures and stability by slowness, masks by newer ones. */
const causes: Readonly<Record<Topic, readonly LossCause[]>> = {
  mask: ['superseded', 'overflow'],
  keyframe: ['overflow'],
  run: ['overflow'],
  stability: ['slow-client', 'overflow'],
  stream: ['overflow'],
  frame: ['slow-client', 'encoder-behind', 'overflow'],
};

/** The losses of screens that are counted, to be shown at zero from the start. */
export const initialLosses: readonly Series[] = topics.flatMap((topic) =>
  causes[topic].map((reason): Series => ({ metric: 'client_messages_dropped_total', labels: { topic, reason } })),
);
