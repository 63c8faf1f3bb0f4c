import type { AnnotationQuery, Dashboard, DataQuery, DataSourceRef, Panel } from '@grafana/schema';
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as timeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as lines from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** A type as JSON writes it: enums are their values. */
type Json<T> = T extends string
  ? `${T}`
  : T extends number
    ? `${T}` extends `${infer N extends number}`
      ? N
      : T
    : T extends readonly (infer E)[]
      ? Json<E>[]
      : T extends object
        ? { [K in keyof T]: Json<T[K]> }
        : T;

/** What Grafana's Prometheus datasource is asked; its schema is not among the published ones. */
interface PrometheusQuery extends DataQuery {
  readonly datasource: DataSourceRef;
  readonly expr: string;
  readonly legendFormat: string;
  readonly format?: 'time_series' | 'table' | 'heatmap';
  readonly instant?: boolean;
}

/** Stricter than Grafana: the options it leaves open are typed by kind of panel, and what we require is mandatory. */
interface PanelOf<Type extends string, Options, Custom> extends Omit<Panel, 'type' | 'options' | 'fieldConfig' | 'targets'> {
  readonly type: Type;
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly datasource: DataSourceRef;
  readonly options: Options;
  readonly fieldConfig: Omit<NonNullable<Panel['fieldConfig']>, 'defaults'> & {
    readonly defaults: Omit<NonNullable<Panel['fieldConfig']>['defaults'], 'custom'> & { readonly custom?: Custom };
  };
  readonly targets: PrometheusQuery[];
}

type OwnPanel =
  | PanelOf<'stat', stat.Options, never>
  | PanelOf<'state-timeline', timeline.Options, timeline.FieldConfig>
  | PanelOf<'timeseries', lines.Options, lines.FieldConfig>
  | PanelOf<'heatmap', heatmap.Options, heatmap.FieldConfig>
  | PanelOf<'table', table.Options, table.FieldConfig>;

/** A line of alerts over the time axis, as the Prometheus datasource reads it. */
type AlertMarks = Omit<AnnotationQuery, 'target'> & {
  readonly expr: string;
  readonly titleFormat: string;
  readonly textFormat: string;
  readonly step: string;
};

/** A page of ours as JSON: Grafana's own schema (`@grafana/schema`), with the panels that are used. */
export type GrafanaDashboard = Json<
  Omit<Dashboard, 'panels' | 'annotations'> & { readonly panels: OwnPanel[]; readonly annotations: { readonly list: AlertMarks[] } }
>;
