import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { unknownMetrics } from '../support/unknown-metrics';

const root = join(__dirname, '../..');
const text = (name: string): string => readFileSync(join(root, name), 'utf8');

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
const rulesOf = (name: string): readonly Rule[] =>
  (parse(text(`dashboards/prometheus/rules/${name}.yml`)) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);
const [alerts, records] = [rulesOf('alerts'), rulesOf('recording')];
const names = alerts.map(({ alert }) => alert ?? '');

describe('the alerts', () => {
  it('cover everything that somebody should be woken for', () => {
    const watched = [
      ...[
        'TargetDown',
        'NoFrames',
        'Frozen',
        'PicturesLate',
        'Overloaded',
        'AnnotationDelayHigh',
        'AnticipationMisses',
        'InferenceFailures',
        'ProviderFellBack',
      ],
      ...['FramesLost', 'ScreensLoseMessages', 'EventLoopLag', 'MemorySlope', 'LedgerImbalance', 'ReloadRefused'],
    ];
    expect([...names].sort()).toEqual(watched.map((name) => `Angiocast${name}`).sort());
  });

  it.each(alerts.map((rule) => [rule.alert, rule] as const))(
    '%s has a severity, a summary, a description and a link to the runbook',
    (_, rule) => {
      expect(['critical', 'warning']).toContain(rule.labels?.severity);
      for (const name of ['summary', 'description']) expect(rule.annotations?.[name]).toMatch(/\w{3}/);
      expect(rule.annotations?.runbook_url).toBe(`docs/runbook.md#${rule.alert?.toLowerCase()}`);
    },
  );

  it('query only metrics and records that exist', () => {
    expect(
      [...alerts, ...records].flatMap(({ expr }) =>
        unknownMetrics(
          expr,
          records.map(({ record }) => record ?? ''),
        ),
      ),
    ).toEqual([]);
    expect(unknownMetrics('rate(angiocast_frames_totl[5m]) > angiocast:none:x', [])).toEqual(['angiocast_frames_totl', 'angiocast:none:x']);
  });
});

describe('the runbook', () => {
  const sections = text('docs/runbook.md').split(/^## /m).slice(1);

  it('has one section for each alert, in their order', () => {
    expect(sections.map((section) => section.split('\n')[0])).toEqual(names);
  });

  it.each(sections.map((section) => [section.split('\n')[0], section] as const))(
    '%s has a meaning, a check and an action',
    (_, section) => {
      expect([...section.matchAll(/^\*\*(\w+)\.\*\* \S/gm)].map(([, word]) => word)).toEqual(['Means', 'Check', 'Do']);
    },
  );
});

it('scrapes the default port of serve, and loads the rules beside it', () => {
  const config = parse(text('dashboards/prometheus/prometheus.yml')) as {
    readonly rule_files: readonly string[];
    readonly scrape_configs: readonly { job_name: string; static_configs: { targets: string[] }[] }[];
  };
  expect(config.rule_files).toEqual(['rules/recording.yml', 'rules/alerts.yml']);
  expect(config.scrape_configs.map(({ job_name: job }) => job)).toEqual(['angiocast']);
  expect(config.scrape_configs.flatMap((job) => job.static_configs.flatMap(({ targets }) => targets))).toEqual(['127.0.0.1:8080']);
});
