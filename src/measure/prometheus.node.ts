import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type MetricName, metrics, type Sample } from './metrics';
import type { MetricsPort, Series } from './series';

const wellFormed = /^[\x20-\x7e]{1,100}$/;

/**
 * Bounds the label values of each name: the first `limit` well-formed values pass, all others become `other`, or
 * `dropped_other` for a dropped frame's fate. Otherwise data from a source could exhaust the memory of the metrics
 * store.
 */
export function boundedLabels(limit: number): (name: string, value: string) => string {
  const known = new Map<string, Set<string>>();
  return (name, value) => {
    const values = known.get(name) ?? new Set<string>();
    known.set(name, values);
    if (values.has(value)) return value;
    if (!wellFormed.test(value) || values.size >= limit) return value.startsWith('dropped_') ? 'dropped_other' : 'other';
    values.add(value);
    return value;
  };
}

const PREFIX = 'angiocast_';
const LAG_RESOLUTION_MS = 5;

/** Our metrics, with prom-client's process and Node defaults, in a registry of their own. */
export function prometheus(): MetricsPort {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const bounded = boundedLabels(64);
  const readers: (() => readonly Sample[])[] = [];
  const writers = new Map<MetricName, Writer>();
  for (const [name, metric] of Object.entries(metrics) as [MetricName, (typeof metrics)[MetricName]][]) {
    const configuration = { name: PREFIX + name, help: metric.help, labelNames: [...metric.labels], registers: [registry] };
    writers.set(name, writer(metric.kind, configuration, 'buckets' in metric ? [...metric.buckets] : []));
  }

  const loopDelay = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  loopDelay.enable();
  const lag = new Gauge({
    name: `${PREFIX}event_loop_lag_seconds`,
    help: 'Event-loop lag, 99th percentile since the last scrape',
    registers: [registry],
  });

  const labelsOf = ({ metric, labels }: Series): Record<string, string> =>
    Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, bounded(`${metric}.${name}`, value)]));
  const record = (sample: Sample): void => writers.get(sample.metric)?.write(labelsOf(sample), sample.value);
  return {
    record,
    begin: (series) => writers.get(series.metric)?.begin(labelsOf(series)),
    replace(sample) {
      writers.get(sample.metric)?.reset();
      record(sample);
    },
    forget: (name, value) => writers.forEach((writer) => void writer.forget(name, value)),
    onScrape: (read) => readers.push(read),
    async text() {
      for (const read of readers) read().forEach(record);
      lag.set(loopDelay.count === 0 ? 0 : Math.max(0, loopDelay.percentile(99) / 1e9 - LAG_RESOLUTION_MS / 1000));
      loopDelay.reset();
      return registry.metrics();
    },
    contentType: registry.contentType,
    close: () => {
      loopDelay.disable();
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

interface Writer {
  write(labels: Record<string, string>, value: number): void;
  begin(labels: Record<string, string>): void;
  reset(): void;
  forget(name: string, value: string): Promise<void>;
}

function writer(kind: 'counter' | 'gauge' | 'histogram', configuration: Configuration, buckets: number[]): Writer {
  switch (kind) {
    case 'counter': {
      const counter = new Counter(configuration);
      return {
        write: (labels, value) => counter.inc(labels, value),
        begin: (labels) => counter.inc(labels, 0),
        reset: () => counter.reset(),
        forget: forgetSeries(counter),
      };
    }
    case 'gauge': {
      const gauge = new Gauge(configuration);
      return {
        write: (labels, value) => gauge.set(labels, value),
        begin: () => undefined,
        reset: () => gauge.reset(),
        forget: forgetSeries(gauge),
      };
    }
    case 'histogram': {
      const histogram = new Histogram({ ...configuration, buckets });
      return {
        write: (labels, value) => histogram.observe(labels, Math.max(0, value)),
        begin: (labels) => histogram.zero(labels),
        reset: () => histogram.reset(),
        forget: forgetSeries(histogram),
      };
    }
  }
}

function forgetSeries(metric: Counter | Gauge | Histogram): Writer['forget'] {
  return async (name, value) => {
    for (const { labels } of (await metric.get()).values) {
      // `le`, the bound of a bucket, is not a label of the histogram.
      const { le: _, ...series } = labels as Record<string, string>;
      if (series[name] === value) metric.remove(series);
    }
  };
}
