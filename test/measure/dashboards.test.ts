import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { metrics } from '../../src/measure/metrics';

const dashboards = join(__dirname, '../../dashboards');
const histograms = Object.entries(metrics).filter(([, { kind }]) => kind === 'histogram');
const known = new Set([
  ...Object.keys(metrics),
  ...histograms.flatMap(([name]) => ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`)),
  'event_loop_lag_seconds',
]);

it('asks in the dashboard only for metrics that exist', () => {
  const text = readFileSync(join(dashboards, 'grafana/angiocast.json'), 'utf8');
  JSON.parse(text);
  const asked = [...text.matchAll(/angiocast_([a-z_]+)/g)].map(([, name]) => name ?? '');
  expect(asked.length).toBeGreaterThan(8);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});

it('scrapes the port that serve takes', () => {
  const { scrape_configs: jobs } = parse(readFileSync(join(dashboards, 'prometheus/prometheus.yml'), 'utf8')) as {
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
  expect(jobs.flatMap((job) => job.static_configs.flatMap(({ targets }) => targets))).toEqual(['127.0.0.1:8080']);
});
