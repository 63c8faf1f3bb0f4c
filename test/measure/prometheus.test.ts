import type { SourceEvent } from '../../src/acquire/source';
import { capturedCounter } from '../../src/measure/ledger';
import { metrics } from '../../src/measure/metrics';
import { prometheus } from '../../src/measure/prometheus.node';
import { commonSeries, initialSeries, type MetricsPort, providerInfo, unfitProviders } from '../../src/measure/series';
import { initialRefusals } from '../../src/push/access/refusal';
import { initialLosses } from '../../src/push/websocket/channel-registry.node';
import { frameAt } from '../support/frames';

let port: MetricsPort;
beforeEach(() => (port = prometheus()));
afterEach(() => port.close());

const line = async (series: string): Promise<string | undefined> => (await port.text()).split('\n').find((text) => text.startsWith(series));

describe('the metrics page', () => {
  it('shows counters at zero from the start, so that the first failure is an increase', async () => {
    for (const series of [...commonSeries, ...initialSeries('a'), ...initialLosses]) port.begin(series);
    expect(await line('angiocast_inference_failures_total{reason="timed-out"}')).toMatch(/ 0$/);
    expect(await line('angiocast_frames_total{stream="a",fate="dropped_incomplete"}')).toMatch(/ 0$/);
    expect(await line('angiocast_annotation_delay_seconds_bucket{le="0.1",stream="a",until="painted"}')).toMatch(/ 0$/);
    expect(await line('angiocast_client_messages_dropped_total{topic="mask",reason="overflow"}')).toMatch(/ 0$/);
    port.record({ metric: 'inference_failures_total', labels: { reason: 'timed-out' }, value: 1 });
    expect(await line('angiocast_inference_failures_total{reason="timed-out"}')).toMatch(/ 1$/);
  });

  it('starts every counter and histogram with exactly its labels', () => {
    const begun = [...commonSeries, ...initialSeries('a'), ...initialLosses, ...initialRefusals];
    const counted = Object.entries(metrics).filter(([, { kind }]) => kind !== 'gauge');
    expect(counted.map(([name]) => name).filter((name) => !begun.some(({ metric }) => metric === name))).toEqual([]);
    for (const { metric, labels } of begun) expect(Object.keys(labels).sort()).toEqual([...metrics[metric].labels].sort());
  });

  it('shows no gauge before its first sample', async () => {
    port.begin({ metric: 'acquisition_rate_hertz', labels: { stream: 'a' } });
    expect(await line('angiocast_acquisition_rate_hertz{')).toBeUndefined();
  });

  it('resolves times from 1 ms to 2 s, each bucket at most 2.5 times the one before', () => {
    const { buckets } = metrics.stage_duration_seconds;
    expect([buckets[0], buckets.at(-1)]).toEqual([0.001, 2]);
    expect(buckets.slice(1).every((bucket, i) => bucket / (buckets[i] as number) <= 2.5)).toBe(true);
  });
});

it('counts the frames of the source as captured, and those it dropped, and nothing else', () => {
  const events: readonly SourceEvent[] = [
    { kind: 'connecting', at: 0, attempt: 1 },
    { kind: 'connected', at: 1, width: 4, height: 4, codec: 'h264' },
    { kind: 'frame', frame: frameAt(2) },
    { kind: 'dropped', at: 3, reason: 'incomplete', count: 3 },
    { kind: 'frame', frame: frameAt(4) },
    { kind: 'stalled', at: 5 },
    { kind: 'lost', at: 6, reason: 'stalled', message: 'silence' },
    { kind: 'ended', at: 7 },
  ];
  expect(events.reduce((sum, event) => sum + (capturedCounter('a', event)?.value ?? 0), 0)).toBe(5);
});

it('distinguishes an installed provider that fails from one that is not installed', async () => {
  const refusals = [
    { provider: 'cuda', reason: 'no device', installed: true },
    { provider: 'tensorrt', reason: 'not installed', installed: false },
  ] as const;
  port.replace(providerInfo('auto', 'cuda'));
  port.replace(providerInfo('auto', 'cpu'));
  unfitProviders(refusals).forEach((sample) => port.record(sample));
  expect((await port.text()).split('\n').filter((text) => text.startsWith('angiocast_provider_'))).toEqual([
    'angiocast_provider_info{asked="auto",provider="cpu"} 1',
    'angiocast_provider_unfit{provider="cuda"} 1',
    ...['tensorrt', 'webgpu', 'dml', 'coreml', 'cpu'].map((provider) => `angiocast_provider_unfit{provider="${provider}"} 0`),
  ]);
});
