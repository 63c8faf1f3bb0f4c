import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { freePort, root } from '../../e2e/serve';
import { startServerProcess } from '../server-process';

export interface Sampled {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}
export interface RuleState {
  readonly name: string;
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
}
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

/** A real Prometheus with the configuration and the rules of the repository. */
export interface PrometheusServer {
  /** An expression over the last `seconds`, every 5 s as Grafana asks; fails with Prometheus' error if invalid. */
  range(expression: string, seconds: number): Promise<readonly Sampled[]>;
  instant(expression: string): Promise<readonly Sampled[]>;
  rules(): Promise<readonly RuleState[]>;
  alerts(): Promise<readonly Alert[]>;
  close(): Promise<void>;
}

/** Scrapes `target` (host:port) every second, stores in a folder that goes away with it. */
export async function startPrometheus(target: string): Promise<PrometheusServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'prometheus-'));
  const own = path.join(root, 'dashboards/prometheus');
  const config = parse(readFileSync(path.join(own, 'prometheus.yml'), 'utf8')) as {
    global: object;
    rule_files: string[];
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
  config.global = { scrape_interval: '1s', evaluation_interval: '1s' };
  config.rule_files = config.rule_files.map((file) => path.join(own, file));
  for (const { static_configs: statics } of config.scrape_configs) for (const each of statics) each.targets = [target];
  const file = path.join(folder, 'prometheus.yml');
  writeFileSync(file, JSON.stringify(config));

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await startServerProcess({
    url,
    command: 'prometheus',
    args: [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`],
    listening: 'Server is ready to receive web requests',
  });
  const ask = async <T>(what: string, parameters: Readonly<Record<string, string>> = {}): Promise<T> => {
    const response = await fetch(`${url}/api/v1/${what}?${new URLSearchParams(parameters)}`, { signal: AbortSignal.timeout(20_000) });
    const answer = (await response.json()) as { status: string; error?: string; data: T };
    if (answer.status !== 'success') throw new Error(`${parameters.query ?? what}: ${answer.error}`);
    return answer.data;
  };
  return {
    range: async (query, seconds) => {
      const end = Date.now() / 1000;
      return (await ask<{ result: Sampled[] }>('query_range', { query, start: `${end - seconds}`, end: `${end}`, step: '5' })).result;
    },
    instant: async (query) => {
      const { result } = await ask<{ result: (Omit<Sampled, 'values'> & { value: [number, string] })[] }>('query', { query });
      return result.map(({ metric, value }) => ({ metric, values: [value] }));
    },
    rules: async () => (await ask<{ groups: { rules: RuleState[] }[] }>('rules')).groups.flatMap(({ rules }) => rules),
    alerts: async () => (await ask<{ alerts: Alert[] }>('alerts')).alerts,
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether any of it is a number. */
export const hasData = (sampled: readonly Sampled[]): boolean =>
  sampled.some(({ values }) => values.some(([, value]) => Number.isFinite(+value)));
