import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../e2e/serve';
import type { Need } from '../needs';
import { BEGIN, type Scenario } from './scenarios';
import { STEP, type Values } from './world';

export const promtoolNeeds: Need = { check: 'command -v promtool && command -v prometheus', install: 'prometheus' };
export const rulesFolder = path.join(root, 'dashboards/prometheus/rules');

export function promtool(...args: readonly string[]): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8', timeout: 100_000, maxBuffer: 1 << 26 });
  return { status, text: stdout + stderr };
}

/** Runs a scenario against the rules: silence until the alert is due, then that alert and no other until the end. */
export function play({ lasts, world, fires }: Scenario): { readonly status: number | null; readonly text: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'rules-'));
  const steps = lasts / STEP;
  const ever = 'count by (alertname, stream) (count_over_time(ALERTS{alertstate="firing"}[6h]))';
  const due = fires && BEGIN + fires.after;
  const labels = fires && `{alertname="${fires.alert}"${fires.stream ? `, stream="${fires.stream}"` : ''}}`;
  const silent = (at: number): object => ({ expr: ever, eval_time: `${at}s`, exp_samples: [] });
  const only = (expr: string, at: number): object => ({ expr, eval_time: `${at}s`, exp_samples: [{ labels, value: 1 }] });
  const heard =
    due === undefined
      ? [silent(lasts)]
      : [silent(due - STEP), only('count by (alertname, stream) (ALERTS{alertstate="firing"})', due), only(ever, lasts)];
  const file = {
    rule_files: ['recording.yml', 'alerts.yml'].map((name) => path.join(rulesFolder, name)),
    evaluation_interval: `${STEP}s`,
    // Prometheus evaluates groups side by side; here, alerts must not by chance see the records of the step before.
    group_eval_order: ['angiocast-records', 'angiocast-alerts'],
    tests: [
      {
        interval: `${STEP}s`,
        input_series: [...world].map(([series, values]) => ({ series, values: written(values, steps) })),
        promql_expr_test: heard,
      },
    ],
  };
  try {
    const name = path.join(folder, 'test.yml');
    writeFileSync(name, JSON.stringify(file));
    return promtool('test', 'rules', name);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** promtool's notation: numbers, `_` for nothing, `stale` where a series ends. */
function written(values: Values, steps: number): string {
  const all = Array.from({ length: steps + 1 }, (_, step) => values(step));
  return all.map((value, i) => (value !== null ? String(value) : i > 0 && all[i - 1] !== null ? 'stale' : '_')).join(' ');
}
