import type { PipelineEvent, StreamState } from '../event';

/**
 * One thing measured, as data: what `metric` it belongs to, which labels it has and how much. Values are in base units
 * (seconds, hertz).
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

/** 1 ms to 2 s: from a socket write to a mask that came too late to matter. */
const seconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2];
/** 1 ms for a thumbnail to 1 s: there is one of these histograms for each size. */
const encodeSeconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
const frames = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30];

/** Every metric of the contract that events feed; names without the `angiocast_`. */
export const metrics = {
  frames_captured_total: {
    kind: 'counter',
    help: 'Frames that came from the source, counted before anything is decided about them',
    labels: ['stream'],
  },
  frames_total: {
    kind: 'counter',
    help: 'Captured frames by what became of them; the fates add up to what was captured',
    labels: ['stream', 'fate'],
  },
  stage_duration_seconds: {
    kind: 'histogram',
    help: 'Time a frame spent in a stage; in encode, until its picture was there in all sizes that screens wanted then',
    labels: ['stream', 'stage'],
    buckets: seconds,
  },
  picture_encode_seconds: {
    kind: 'histogram',
    help: 'Time to encode a picture in one size: full, as captured, or as many pixels wide as screens asked for',
    labels: ['stream', 'size'],
    buckets: encodeSeconds,
  },
  annotation_delay_seconds: {
    kind: 'histogram',
    help: 'From the capture of the frame that made the decision possible until its mask was handed to the sockets, left them, or was painted',
    labels: ['stream', 'until'],
    buckets: seconds,
  },
  keyframe_lag_frames: {
    kind: 'histogram',
    help: 'Acquisitions from the key frame until it was declared stable',
    labels: ['stream'],
    buckets: frames,
  },
  keyframes_total: { kind: 'counter', help: 'Key frames declared', labels: ['stream', 'status'] },
  masks_total: { kind: 'counter', help: 'Masks sent', labels: ['stream', 'status'] },
  anticipations_total: { kind: 'counter', help: 'Inferences begun before their frame was declared', labels: ['stream', 'outcome'] },
  stream_state: { kind: 'gauge', help: '1 for the state the stream is in', labels: ['stream', 'state'] },
  stream_expected: { kind: 'gauge', help: '1 while the stream should give pictures, by its expected hours; else 0', labels: ['stream'] },
  acquisition_rate_hertz: { kind: 'gauge', help: 'Unique X-ray acquisitions per second; NaN while unknown', labels: ['stream'] },
  capture_rate_hertz: { kind: 'gauge', help: 'Captured frames per second; NaN while unknown', labels: ['stream'] },
  last_frame_age_seconds: { kind: 'gauge', help: 'Time since the last captured frame; NaN before the first', labels: ['stream'] },
  reconnects_total: { kind: 'counter', help: 'Connections to the source that ended and were tried again', labels: ['stream', 'reason'] },
  clients: { kind: 'gauge', help: 'Connected screens by topic they subscribe to', labels: ['topic'] },
  clients_refused_total: { kind: 'counter', help: 'Screens that were not let in', labels: ['reason'] },
  client_messages_dropped_total: { kind: 'counter', help: 'Messages a screen did not get', labels: ['topic', 'reason'] },
  inference_failures_total: { kind: 'counter', help: 'Inferences that failed', labels: ['reason'] },
  provider_info: { kind: 'gauge', help: '1 for the execution provider asked for and the one that computes', labels: ['asked', 'provider'] },
  provider_unfit: {
    kind: 'gauge',
    help: '1 for a provider that is installed, but does not compute the model or is slower than the CPU',
    labels: ['provider'],
  },
  model_swaps_total: {
    kind: 'counter',
    help: 'Model bundles loaded in place of another, and those refused, the old one staying',
    labels: ['outcome'],
  },
  config_reloads_total: { kind: 'counter', help: 'Configurations read anew while the server ran', labels: ['outcome'] },
  trace_spans_total: {
    kind: 'counter',
    help: 'Spans of traces by whether they reached the OTLP endpoint, if there is one',
    labels: ['outcome'],
  },
  model_info: { kind: 'gauge', help: '1 for the model in use', labels: ['name', 'version', 'sha256', 'provider'] },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

export const streamStates: readonly StreamState[] = ['connecting', 'live', 'held', 'frozen', 'lost', 'ended'];

/**
 * What an event adds to the numbers. Annotation delays are not here: they end outside the pipeline, where a mask is
 * sent.
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
