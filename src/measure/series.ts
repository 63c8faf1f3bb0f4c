import type { LossReason } from '../acquire/source';
import type { AnticipationEvent, Fate, KeyFrameStatus, Stage } from '../event';
import { type Provider, PROVIDERS, type Refusal } from '../infer/providers/provider';
import type { SegmentFailureReason } from '../infer/segmenter';
import type { Sample } from './metrics';

/** A metric with its labels, without a value. */
export type Series = Omit<Sample, 'value'>;

const keysOf = <K extends string>(all: Readonly<Record<K, true>>): readonly K[] => Object.keys(all) as K[];

const fates: readonly Fate[] = [
  'unique',
  'repeated',
  'dropped_idle',
  'dropped_blank',
  'dropped_mixed',
  'dropped_damaged',
  'dropped_incomplete',
  'dropped_overload',
];
const stages = keysOf<Stage>({ acquire: true, detect: true, queue: true, infer: true, encode: true, push: true });
const statuses = keysOf<KeyFrameStatus>({ stabilised: true, improved: true, final: true });
const outcomes = keysOf<AnticipationEvent['outcome']>({ hit: true, wasted: true, late: true });
const failures = keysOf<SegmentFailureReason>({ crashed: true, 'timed-out': true, rejected: true });
const losses = keysOf<LossReason>({
  ...{ refused: true, unauthorised: true, 'not-found': true, 'no-video': true, ended: true },
  ...{ stalled: true, late: true, crashed: true, reconfigured: true },
});
const delays = ['published', 'delivered', 'painted'];

/**
 * All series a stream is known to count, for showing them at zero from the start. Prometheus sees no increase when a
 * series first appears, so the first failure would raise no alert.
 */
export function initialSeries(stream: string): readonly Series[] {
  const each = (metric: Series['metric'], label: string, values: readonly string[]): Series[] =>
    values.map((value) => ({ metric, labels: { stream, [label]: value } }));
  return [
    { metric: 'frames_captured_total', labels: { stream } },
    { metric: 'keyframe_lag_frames', labels: { stream } },
    // The default size only: there are many others, most of them never requested.
    { metric: 'picture_encode_seconds', labels: { stream, size: 'full' } },
    ...each('frames_total', 'fate', fates),
    ...each('stage_duration_seconds', 'stage', stages),
    ...each('annotation_delay_seconds', 'until', delays),
    ...each('keyframes_total', 'status', statuses),
    ...each('masks_total', 'status', statuses),
    ...each('anticipations_total', 'outcome', outcomes),
    ...each('reconnects_total', 'reason', losses),
  ];
}

/** The same for counters without a stream; those of screens are in src/push. */
export const commonSeries: readonly Series[] = [
  ...failures.map((reason) => ({ metric: 'inference_failures_total' as const, labels: { reason } })),
  ...['switched', 'rolled_back'].map((outcome) => ({ metric: 'model_swaps_total' as const, labels: { outcome } })),
  ...['exported', 'failed', 'dropped'].map((outcome) => ({ metric: 'trace_spans_total' as const, labels: { outcome } })),
  ...['applied', 'refused'].map((outcome) => ({ metric: 'config_reloads_total' as const, labels: { outcome } })),
];

/** The requested provider and the one in use. */
export const providerInfo = (asked: Provider | 'auto', provider: string): Sample => ({
  ...{ metric: 'provider_info', labels: { asked, provider }, value: 1 },
});

/**
 * For each provider, 1 if it is installed but was passed over, which is a fault; else 0. A provider that is not
 * installed is none.
 */
export const unfitProviders = (refusals: readonly Refusal[]): readonly Sample[] =>
  PROVIDERS.map((provider) => ({
    metric: 'provider_unfit',
    labels: { provider },
    value: refusals.some((refusal) => refusal.provider === provider && refusal.installed) ? 1 : 0,
  }));

/** Collects samples and exposes them as Prometheus text. */
export interface MetricsPort {
  record(sample: Sample): void;
  /** Shows a counter or histogram at zero before its first sample; does nothing for a gauge. */
  begin(series: Series): void;
  /** Sets a gauge and removes its series with other labels: for facts of which only the latest is true. */
  replace(sample: Sample): void;
  /** Removes every series whose label `name` has this value. */
  forget(name: string, value: string): void;
  /** `read` is called at every scrape; its samples are recorded. */
  onScrape(read: () => readonly Sample[]): void;
  /** All metrics in the Prometheus exposition format. */
  text(): Promise<string>;
  readonly contentType: string;
  close(): void;
}
