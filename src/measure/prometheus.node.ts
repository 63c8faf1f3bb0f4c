import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { boundedLabels } from './bounded-labels';
import { metrics, type MetricName, type Sample } from './metrics';
import type { MetricsPort } from './metrics-port';

const PREFIX = 'angiocast_';
const LAG_RESOLUTION_MS = 5;

/** The metrics of the contract in a registry of their own, together with prom-client's process and Node defaults. */
export function prometheus(): MetricsPort {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const bounded = boundedLabels(64);
  const readers: (() => readonly Sample[])[] = [];
  const writers = new Map<MetricName, { write(sample: Sample): void; reset(): void }>();
  for (const [name, metric] of Object.entries(metrics) as [MetricName, (typeof metrics)[MetricName]][]) {
    const configuration = { name: PREFIX + name, help: metric.help, labelNames: [...metric.labels], registers: [registry] };
    writers.set(name, writer(metric.kind, configuration, 'buckets' in metric ? [...metric.buckets] : []));
  }

  const delay = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  delay.enable();
  const lag = new Gauge({
    name: `${PREFIX}event_loop_lag_seconds`,
    help: 'Event-loop lag, 99th percentile since the last scrape',
    registers: [registry],
  });

  const record = (sample: Sample): void => {
    const labels = Object.fromEntries(
      Object.entries(sample.labels).map(([name, value]) => [name, bounded(`${sample.metric}.${name}`, value)]),
    );
    writers.get(sample.metric)?.write({ ...sample, labels });
  };
  return {
    record,
    replace(sample) {
      writers.get(sample.metric)?.reset();
      record(sample);
    },
    onScrape: (read) => readers.push(read),
    async text() {
      for (const read of readers) read().forEach(record);
      lag.set(delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) / 1e9 - LAG_RESOLUTION_MS / 1000));
      delay.reset();
      return registry.metrics();
    },
    contentType: registry.contentType,
    close: () => {
      delay.disable();
      registry.clear();
    },
  };
}

interface Configuration {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
}

function writer(kind: 'counter' | 'gauge' | 'histogram', configuration: Configuration, buckets: number[]) {
  switch (kind) {
    case 'counter': {
      const counter = new Counter(configuration);
      return { write: ({ labels, value }: Sample) => counter.inc(labels, value), reset: () => counter.reset() };
    }
    case 'gauge': {
      const gauge = new Gauge(configuration);
      return { write: ({ labels, value }: Sample) => gauge.set(labels, value), reset: () => gauge.reset() };
    }
    case 'histogram': {
      const histogram = new Histogram({ ...configuration, buckets });
      return { write: ({ labels, value }: Sample) => histogram.observe(labels, Math.max(0, value)), reset: () => histogram.reset() };
    }
  }
}
