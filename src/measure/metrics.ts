import type { PipelineEvent, StreamState } from '../event';

/**
 * One measurement of a metric, in its base unit (seconds, hertz): added to a counter, set on a gauge, observed by a
 * histogram.
 */
export interface Sample {
  readonly metric: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type Kind = 'counter' | 'gauge' | 'histogram';
interface Metric {
  readonly kind: Kind;
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}

/** 1 ms to 2 s: from a single socket write to a mask too late to be useful. */
const seconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2];
/** 1 ms (a thumbnail) to 1 s. Fewer buckets, as each size has a histogram. */
const encodeSeconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
const frames = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30];

/** All our metrics except event_loop_lag_seconds (prometheus.node.ts); names without the `angiocast_` prefix. */
export const metrics = {
  frames_captured_total: {
    kind: 'counter',
    help: 'Frames received from the source, counted before they are classified',
    labels: ['stream'],
  },
  frames_total: {
    kind: 'counter',
    help: 'Captured frames by fate; the fates add up to the frames captured',
    labels: ['stream', 'fate'],
  },
  stage_duration_seconds: {
    kind: 'histogram',
    help: 'Time a frame spent in a stage; encode: until its picture was encoded in all sizes that screens requested',
    labels: ['stream', 'stage'],
    buckets: seconds,
  },
  picture_encode_seconds: {
    kind: 'histogram',
    help: 'Time to encode a picture in one size: full (as captured), or a requested width in pixels',
    labels: ['stream', 'size'],
    buckets: encodeSeconds,
  },
  annotation_delay_seconds: {
    kind: 'histogram',
    help: 'From the capture of the frame that made the decision possible until the mask was handed to the sockets, delivered, or painted',
    labels: ['stream', 'until'],
    buckets: seconds,
  },
  keyframe_lag_frames: {
    kind: 'histogram',
    help: 'Acquisitions from the key frame to the one at which it was declared stable',
    labels: ['stream'],
    buckets: frames,
  },
  keyframes_total: { kind: 'counter', help: 'Key frames declared', labels: ['stream', 'status'] },
  masks_total: { kind: 'counter', help: 'Masks sent', labels: ['stream', 'status'] },
  anticipations_total: { kind: 'counter', help: 'Inferences started before their key frame was declared', labels: ['stream', 'outcome'] },
  stream_state: { kind: 'gauge', help: '1 for the state the stream is in', labels: ['stream', 'state'] },
  stream_expected: { kind: 'gauge', help: '1 during the expected hours of the stream, else 0', labels: ['stream'] },
  acquisition_rate_hertz: { kind: 'gauge', help: 'Unique X-ray acquisitions per second; NaN while unknown', labels: ['stream'] },
  capture_rate_hertz: { kind: 'gauge', help: 'Captured frames per second; NaN while unknown', labels: ['stream'] },
  last_frame_age_seconds: { kind: 'gauge', help: 'Time since the last captured frame; NaN before the first', labels: ['stream'] },
  reconnects_total: { kind: 'counter', help: 'Connections to the source that ended and were retried', labels: ['stream', 'reason'] },
  clients: { kind: 'gauge', help: 'Connected screens by subscribed topic', labels: ['topic'] },
  clients_refused_total: { kind: 'counter', help: 'Screens refused access', labels: ['reason'] },
  client_messages_dropped_total: { kind: 'counter', help: 'Messages that a screen did not receive', labels: ['topic', 'reason'] },
  inference_failures_total: { kind: 'counter', help: 'Failed inferences', labels: ['reason'] },
  provider_info: { kind: 'gauge', help: '1 for the requested execution provider and the one in use', labels: ['asked', 'provider'] },
  provider_unfit: {
    kind: 'gauge',
    help: '1 for a provider that is installed, but fails to run the model or is slower than the CPU',
    labels: ['provider'],
  },
  model_swaps_total: {
    kind: 'counter',
    help: 'Model bundles that replaced another, and those refused, which leave the old one in use',
    labels: ['outcome'],
  },
  config_reloads_total: { kind: 'counter', help: 'Configuration reloads, applied and refused', labels: ['outcome'] },
  trace_spans_total: {
    kind: 'counter',
    help: 'Trace spans by whether they reached the OTLP endpoint, if one is configured',
    labels: ['outcome'],
  },
  model_info: { kind: 'gauge', help: '1 for the model in use', labels: ['name', 'version', 'sha256', 'provider'] },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

export const streamStates: readonly StreamState[] = ['connecting', 'live', 'held', 'frozen', 'lost', 'ended'];

/**
 * The samples of a pipeline event. Annotation delays are recorded elsewhere: they end outside the pipeline, where masks
 * are sent.
 */
export function samples(event: PipelineEvent): readonly Sample[] {
  const { stream } = event;
  switch (event.kind) {
    case 'stream':
      return streamStates.map((state) => ({ metric: 'stream_state', labels: { stream, state }, value: state === event.state ? 1 : 0 }));
    case 'rate':
      return [
        { metric: 'acquisition_rate_hertz', labels: { stream }, value: event.acquisitionRateHz ?? NaN },
        { metric: 'capture_rate_hertz', labels: { stream }, value: event.captureRateHz ?? NaN },
      ];
    case 'keyframe': {
      const declared: Sample = { metric: 'keyframes_total', labels: { stream, status: event.status }, value: 1 };
      return event.status === 'stabilised'
        ? [declared, { metric: 'keyframe_lag_frames', labels: { stream }, value: event.lagFrames }]
        : [declared];
    }
    case 'mask':
      return [{ metric: 'masks_total', labels: { stream, status: event.status }, value: 1 }];
    case 'fate':
      return [{ metric: 'frames_total', labels: { stream, fate: event.fate }, value: event.count }];
    case 'stage':
      return [{ metric: 'stage_duration_seconds', labels: { stream, stage: event.stage }, value: event.milliseconds / 1000 }];
    case 'anticipation':
      return [{ metric: 'anticipations_total', labels: { stream, outcome: event.outcome }, value: 1 }];
    case 'reconnect':
      return [{ metric: 'reconnects_total', labels: { stream, reason: event.reason }, value: 1 }];
    case 'failure':
      return event.again ? [] : [{ metric: 'inference_failures_total', labels: { reason: event.reason }, value: 1 }];
    case 'picture':
    case 'frame':
    case 'run':
    case 'stability':
    case 'invalid':
      return [];
  }
}
