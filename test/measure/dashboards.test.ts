import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { unknownMetrics } from '../support/unknown-metrics';
import { pages, pageTexts, panelQueries } from '../support/dashboards';
import { dashboardFaults } from '../support/type-check-json';

const dashboards = join(__dirname, '../../dashboards');
const yaml = (name: string): unknown => parse(readFileSync(join(dashboards, name), 'utf8'));
const recorded = (yaml('prometheus/rules/recording.yml') as { groups: { rules: { record: string }[] }[] }).groups.flatMap(({ rules }) =>
  rules.map(({ record }) => record),
);

describe('the pages for Grafana', () => {
  it('are four: all rooms, where the time goes, one room, what reaches the screens', () => {
    expect(pages.map(([name]) => name).sort()).toEqual(['delivery', 'latency', 'overview', 'stream']);
    expect(pages.map(([name, { uid }]) => uid === `angiocast-${name}`)).toEqual([true, true, true, true]);
  });

  it('match Grafana’s own schema, which rejects misspelt and missing keys and unknown values', () => {
    const spoilt = {
      misspelt: (pageTexts.stream ?? '').replace('"thresholdsStyle"', '"thresholdStyle"'),
      value: (pageTexts.stream ?? '').replace('"mode": "absolute"', '"mode": "relative"'),
      missing: (pageTexts.stream ?? '').replace('"showLegend": false,', ''),
    };
    const faults = dashboardFaults({ ...pageTexts, ...spoilt });
    expect(faults.filter((fault) => !/^(misspelt|value|missing)\./.test(fault))).toEqual([]);
    expect(new Set(faults.map((fault) => fault.split('.')[0]))).toEqual(new Set(Object.keys(spoilt)));
  }, 60_000);

  it('query only metrics and records that exist', () => {
    expect(panelQueries.length).toBeGreaterThan(30);
    expect(panelQueries.flatMap(({ expr }) => unknownMetrics(expr, recorded))).toEqual([]);
  });

  const panels = pages.flatMap(([page, { panels: all }]) => all.map((panel) => [`${page}: ${panel.title}`, panel] as const));
  it.each(panels)('%s has a unit, a description and a budget that can be seen', (_, { description, type, fieldConfig }) => {
    const { unit, thresholds, custom } = fieldConfig.defaults;
    expect(unit).toMatch(/^[a-z]+$/);
    expect(description).toMatch(type === 'state-timeline' ? /fires an alert/ : /[Bb]udget/);
    expect(thresholds?.steps.length).toBeGreaterThan(1);
    if (type === 'timeseries') expect(custom).toMatchObject({ thresholdsStyle: { mode: 'line' } });
  });

  it.each(pages)('%s filters by the chosen rooms and providers, and queries the provisioned datasource', (_, page) => {
    const names = page.templating?.list?.map(({ name }) => name) ?? [];
    expect(names.slice(0, 2)).toEqual(['stream', 'provider']);
    const text = JSON.stringify(page.panels);
    for (const name of names) expect(text).toContain(`$${name}`);
    const provisioned = (yaml('grafana/provisioning/datasources/prometheus.yml') as { datasources: { uid: string }[] }).datasources;
    const asked = new Set(page.panels.flatMap(({ datasource, targets }) => [datasource, ...targets.map((target) => target.datasource)]));
    expect(new Set([...asked].map(({ uid }) => uid))).toEqual(new Set(provisioned.map(({ uid }) => uid)));
  });

  it.each(pages)('%s has no overlapping panels', (_, { panels: all }) => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const cells = all.flatMap(({ gridPos: { x, y, w, h } = { x: 0, y: 0, w: 0, h: 0 } }) =>
      Array.from({ length: w * h }, (_cell, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...all.map(({ gridPos }) => (gridPos?.x ?? 0) + (gridPos?.w ?? 0)))).toBeLessThanOrEqual(24);
  });
});
