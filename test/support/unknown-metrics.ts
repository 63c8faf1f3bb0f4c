import { metrics } from '../../src/measure/metrics';

const histograms = Object.entries(metrics).filter(([, { kind }]) => kind === 'histogram');
/** What `/metrics` shows: ours, and those of prom-client that we use; test/extra/prometheus checks the real page. */
const known = new Set([
  ...Object.keys(metrics).map((name) => `angiocast_${name}`),
  ...histograms.flatMap(([name]) => ['bucket', 'sum', 'count'].map((part) => `angiocast_${name}_${part}`)),
  'angiocast_event_loop_lag_seconds',
]);

/** The names of ours in a PromQL expression that are neither metrics of the program nor among `records`. */
export function unknownMetrics(expression: string, records: readonly string[]): readonly string[] {
  const asked = [...expression.matchAll(/\bangiocast[_:][a-z0-9_:]+/g)].map(([name]) => name);
  return asked.filter((name) => !known.has(name) && !records.includes(name));
}
