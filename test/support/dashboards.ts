import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GrafanaDashboard } from './grafana-dashboard';

const folder = join(__dirname, '../../dashboards/grafana/dashboards');

/** The pages as they stand in the repository, by name. */
export const pageTexts: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(folder).map((file) => [file.replace(/\.json$/, ''), readFileSync(join(folder, file), 'utf8')]),
);
export const pages: readonly (readonly [string, GrafanaDashboard])[] = Object.entries(pageTexts).map(([name, text]) => [
  name,
  JSON.parse(text) as GrafanaDashboard,
]);

/** Everything that the panels ask, with the page and the panel that ask it. */
export const panelQueries = pages.flatMap(([page, { panels }]) =>
  panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ page, panel: title, expr }))),
);
