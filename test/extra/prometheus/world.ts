import { metrics } from '../../../src/measure/metrics';

/** Seconds between two scrapes of a simulated server. */
export const STEP = 15;

/** The values of a series, step by step; null: absent. */
export type Values = (step: number) => number | null;
/** Series of a simulated server by their full name. */
export type World = ReadonlyMap<string, Values>;

/** `pending` until step `at`, then `then`. */
export const from =
  (at: number, before: Values, then: Values): Values =>
  (step) =>
    step < at ? before(step) : then(step);
export const constantly =
  (value: number): Values =>
  () =>
    value;

/** A counter that rises by `by` in each step. */
export function counter(by: (step: number) => number): Values {
  const sums = [0];
  return (step) => {
    for (let i = sums.length; i <= step; i++) sums.push((sums[i - 1] ?? 0) + by(i));
    return sums[step] ?? 0;
  };
}

/** The series of a histogram in which each step `count` values of `seconds` fall. */
export function histogram(name: string, labels: string, count: (step: number) => number, seconds: (step: number) => number): World {
  const rows = [...metrics.stage_duration_seconds.buckets, Infinity].map((le): [string, Values] => [
    `angiocast_${name}_bucket{${labels},le="${le === Infinity ? '+Inf' : le}"}`,
    counter((step) => (seconds(step) <= le ? count(step) : 0)),
  ]);
  return new Map([...rows, [`angiocast_${name}_count{${labels}}`, counter(count)]]);
}

const INSTANCE = 'instance="angio-1:8080",job="angiocast"';
const states = ['connecting', 'live', 'held', 'frozen', 'lost', 'ended'] as const;
export type State = (typeof states)[number];

/** One room: what happens in it, step by step. */
export interface Room {
  readonly state: (step: number) => State;
  readonly captured: (step: number) => number;
  readonly unique: (step: number) => number;
  readonly incomplete: (step: number) => number;
  readonly overload: (step: number) => number;
  /** Frames whose fate is never counted; below 0: counted twice. */
  readonly forgotten: (step: number) => number;
  /** Whether pictures are expected. */
  readonly expected: (step: number) => number;
  readonly frameAge: (step: number) => number | null;
  readonly masks: (step: number) => number;
  readonly delay: (step: number) => number;
  readonly hits: (step: number) => number;
  readonly queued: (step: number) => number;
}

/** A procedure: two minutes of acquiring, three of last image hold, a key frame and its masks in each run. */
export const busy: Room = {
  state: (step) => (step % 20 < 8 ? 'live' : 'held'),
  captured: () => 450,
  unique: (step) => (step % 20 < 8 ? 60 : 0),
  incomplete: () => 0,
  overload: () => 0,
  forgotten: () => 0,
  expected: () => 1,
  frameAge: () => 0.03,
  masks: (step) => (step % 20 === 5 ? 3 : 0),
  delay: () => 0.06,
  hits: (step) => (step % 20 === 5 ? 2 : 0),
  queued: (step) => (step % 100 === 5 ? 1 : 0),
};

export function roomSeries(stream: string, room: Room): World {
  const labels = `${INSTANCE},stream="${stream}"`;
  const told = (step: number): number =>
    room.captured(step) - room.incomplete(step) - room.overload(step) - room.forgotten(step) - room.unique(step);
  return new Map<string, Values>([
    ...states.map((state): [string, Values] => [
      `angiocast_stream_state{${labels},state="${state}"}`,
      (step) => (room.state(step) === state ? 1 : 0),
    ]),
    [`angiocast_frames_captured_total{${labels}}`, counter(room.captured)],
    [`angiocast_frames_total{${labels},fate="unique"}`, counter(room.unique)],
    [`angiocast_frames_total{${labels},fate="repeated"}`, counter((step) => told(step) * 0.8)],
    [`angiocast_frames_total{${labels},fate="dropped_idle"}`, counter((step) => told(step) * 0.1)],
    [`angiocast_frames_total{${labels},fate="dropped_blank"}`, counter((step) => told(step) * 0.1)],
    [`angiocast_frames_total{${labels},fate="dropped_incomplete"}`, counter(room.incomplete)],
    [`angiocast_frames_total{${labels},fate="dropped_overload"}`, counter(room.overload)],
    [`angiocast_stream_expected{${labels}}`, room.expected],
    [`angiocast_last_frame_age_seconds{${labels}}`, room.frameAge],
    [`angiocast_anticipations_total{${labels},outcome="hit"}`, counter(room.hits)],
    ...histogram('stage_duration_seconds', `${labels},stage="queue"`, room.queued, constantlyNumber(0.1)),
    ...histogram('annotation_delay_seconds', `${labels},until="published"`, room.masks, room.delay),
    ...histogram('annotation_delay_seconds', `${labels},until="painted"`, constantlyNumber(0), constantlyNumber(0)),
  ]);
}

const constantlyNumber = (value: number) => (): number => value;

/** A server on a machine without a GPU, two hours old at step 0, with one screen that shows fewer pictures than due. */
export const server: World = new Map<string, Values>([
  [`up{${INSTANCE}}`, constantly(1)],
  [`angiocast_event_loop_lag_seconds{${INSTANCE}}`, constantly(0.008)],
  // Garbage comes and goes.
  [`process_resident_memory_bytes{${INSTANCE}}`, (step) => 300e6 + (step % 12) * 8e6],
  [`process_start_time_seconds{${INSTANCE}}`, constantly(-7200)],
  [`angiocast_provider_info{${INSTANCE},asked="auto",provider="cpu"}`, constantly(1)],
  ...['cuda', 'tensorrt', 'webgpu'].map((provider): [string, Values] => [
    `angiocast_provider_unfit{${INSTANCE},provider="${provider}"}`,
    constantly(provider === 'webgpu' ? 1 : 0),
  ]),
  ...['crashed', 'timed-out', 'rejected'].map((reason): [string, Values] => [
    `angiocast_inference_failures_total{${INSTANCE},reason="${reason}"}`,
    constantly(0),
  ]),
  ...['applied', 'refused'].map((outcome): [string, Values] => [
    `angiocast_config_reloads_total{${INSTANCE},outcome="${outcome}"}`,
    constantly(0),
  ]),
  ...['switched', 'rolled_back'].map((outcome): [string, Values] => [
    `angiocast_model_swaps_total{${INSTANCE},outcome="${outcome}"}`,
    constantly(0),
  ]),
  [`angiocast_client_messages_dropped_total{${INSTANCE},topic="frame",reason="slow-client"}`, counter(() => 40)],
  [`angiocast_client_messages_dropped_total{${INSTANCE},topic="mask",reason="superseded"}`, counter((step) => (step % 40 === 3 ? 1 : 0))],
  [`angiocast_client_messages_dropped_total{${INSTANCE},topic="mask",reason="overflow"}`, constantly(0)],
]);

/** Replaces a series of the server, named up to its labels of its own. */
export const served = (name: string, labels: string, values: Values): World =>
  new Map([[`${name}{${[INSTANCE, labels].filter((part) => part !== '').join(',')}}`, values]]);
