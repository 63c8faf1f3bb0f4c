import { busy, constantly, counter, from, type Room, roomSeries, server, served, STEP, type Values, type World } from './world';

/** A scenario, and the alert that it must raise. */
export interface Scenario {
  readonly what: string;
  /** In seconds; a fault begins at `BEGIN`. */
  readonly lasts: number;
  readonly world: World;
  /** The one alert that must fire, for which room, and how many seconds after the fault began; none: silence. */
  readonly fires?: { readonly alert: string; readonly stream?: string; readonly after: number };
}

/** The fault begins when half an hour has gone well. */
export const BEGIN = 1800;
const begin = BEGIN / STEP;
const HOUR = 3600;

/** A number that changes when the fault begins. */
const turns =
  (before: (step: number) => number, then: (step: number) => number) =>
  (step: number): number =>
    step < begin ? before(step) : then(step);
const zero = (): number => 0;

/** Two rooms on one server; values given for the first one and for the server override the usual ones. */
const world = (first: Partial<Room>, ...others: readonly World[]): World =>
  new Map([
    ...server,
    ...roomSeries('room1', { ...busy, ...first }),
    ...roomSeries('room2', busy),
    ...others.flatMap((other) => [...other]),
  ]);

const dead: Partial<Room> = {
  captured: turns(busy.captured, zero),
  unique: turns(busy.unique, zero),
  masks: turns(busy.masks, zero),
  hits: turns(busy.hits, zero),
  queued: turns(busy.queued, zero),
  frameAge: turns(zero, (step) => (step - begin) * STEP),
};
const healthyMemory = server.get('process_resident_memory_bytes{instance="angio-1:8080",job="angiocast"}') as Values;
const provider = (asked: string, name: string, values: Values): World =>
  served('angiocast_provider_info', `asked="${asked}",provider="${name}"`, values);
const since = (values: Values): Values => from(begin, () => null, values);
const until = (values: Values): Values => from(begin, values, () => null);

/** A counter that counts one thing, when the fault begins. */
const once = (name: string, labels: string): World => served(name, labels, from(begin, constantly(0), constantly(1)));

export const faults: readonly Scenario[] = [
  {
    what: 'the server is gone',
    lasts: HOUR,
    world: new Map([
      ...[...world({})].map(([name, values]) => [name, until(values)] as const),
      ...served('up', '', from(begin, constantly(1), constantly(0))),
    ]),
    fires: { alert: 'AngiocastTargetDown', after: 30 },
  },
  {
    what: 'the source is lost',
    lasts: HOUR,
    world: world({ ...dead, state: (step) => (step < begin ? busy.state(step) : 'lost') }),
    fires: { alert: 'AngiocastNoFrames', stream: 'room1', after: 30 },
  },
  {
    what: 'an encoder never comes',
    lasts: HOUR,
    world: world({ ...dead, state: (step) => (step < begin ? 'held' : 'connecting'), frameAge: (step) => (step < begin ? 0.03 : null) }),
    fires: { alert: 'AngiocastNoFrames', stream: 'room1', after: 30 },
  },
  {
    what: 'no picture comes, yet nobody says lost',
    lasts: HOUR,
    world: world({ ...dead, state: () => 'live' }),
    fires: { alert: 'AngiocastNoFrames', stream: 'room1', after: 45 },
  },
  {
    what: 'a source that was off all night is still off when its hours begin',
    lasts: HOUR,
    world: world({ ...dead, state: () => 'lost', frameAge: () => 9000, expected: turns(zero, () => 1) }),
    fires: { alert: 'AngiocastNoFrames', stream: 'room1', after: 30 },
  },
  {
    what: 'the network is too slow for the feed: pictures come late, and again after each reconnect',
    lasts: HOUR,
    world: world(
      {},
      served(
        'angiocast_reconnects_total',
        'stream="room1",reason="late"',
        from(begin, constantly(0), (step) => step - begin),
      ),
    ),
    fires: { alert: 'AngiocastPicturesLate', stream: 'room1', after: 30 },
  },
  {
    what: 'the picture freezes, its clock too',
    lasts: HOUR,
    world: world({
      ...dead,
      captured: busy.captured,
      frameAge: busy.frameAge,
      state: (step) => (step < begin ? busy.state(step) : 'frozen'),
    }),
    fires: { alert: 'AngiocastFrozen', stream: 'room1', after: 30 },
  },
  {
    what: 'masks take 700 ms',
    lasts: HOUR,
    world: world({ delay: turns(busy.delay, () => 0.7) }),
    fires: { alert: 'AngiocastAnnotationDelayHigh', stream: 'room1', after: 135 },
  },
  {
    what: 'no inference begins in time',
    lasts: HOUR,
    world: world({ hits: turns(busy.hits, zero), queued: turns(busy.queued, busy.hits) }),
    fires: { alert: 'AngiocastAnticipationMisses', stream: 'room1', after: 735 },
  },
  {
    what: 'an inference times out',
    lasts: HOUR,
    world: world({}, served('angiocast_inference_failures_total', 'reason="timed-out"', from(begin, constantly(0), constantly(1)))),
    fires: { alert: 'AngiocastInferenceFailures', after: 0 },
  },
  {
    what: 'CUDA is installed and stops working',
    lasts: HOUR,
    world: world(
      {},
      provider('auto', 'cuda', until(constantly(1))),
      provider('auto', 'cpu', since(constantly(1))),
      served('angiocast_provider_unfit', 'provider="cuda"', from(begin, constantly(0), constantly(1))),
    ),
    fires: { alert: 'AngiocastProviderFellBack', after: 30 },
  },
  {
    what: 'WebGPU computed until a restart',
    lasts: HOUR,
    world: world({}, provider('auto', 'webgpu', until(constantly(1))), provider('auto', 'cpu', since(constantly(1)))),
    fires: { alert: 'AngiocastProviderFellBack', after: 30 },
  },
  {
    what: 'CoreML was asked for, the CPU computes',
    lasts: HOUR,
    world: world({}, provider('auto', 'cpu', until(constantly(1))), provider('coreml', 'cpu', since(constantly(1)))),
    fires: { alert: 'AngiocastProviderFellBack', after: 30 },
  },
  {
    what: 'one frame in twenty arrives incomplete',
    lasts: HOUR,
    world: world({ incomplete: turns(zero, () => 22.5) }),
    fires: { alert: 'AngiocastFramesLost', stream: 'room1', after: 120 },
  },
  {
    what: 'the machine cannot look at every picture',
    lasts: HOUR,
    world: world({ overload: turns(zero, () => 200) }),
    fires: { alert: 'AngiocastOverloaded', stream: 'room1', after: 30 },
  },
  {
    what: 'the queue of a screen overflows',
    lasts: HOUR,
    world: world(
      {},
      served('angiocast_client_messages_dropped_total', 'topic="mask",reason="overflow"', from(begin, constantly(0), constantly(7))),
    ),
    fires: { alert: 'AngiocastScreensLoseMessages', after: 0 },
  },
  {
    what: 'the event loop lags by 400 ms',
    lasts: HOUR,
    world: world({}, served('angiocast_event_loop_lag_seconds', '', from(begin, constantly(0.008), constantly(0.4)))),
    fires: { alert: 'AngiocastEventLoopLag', after: 90 },
  },
  {
    what: 'memory grows by 1 MB a minute',
    lasts: 5 * HOUR,
    world: world(
      {},
      served('process_resident_memory_bytes', '', (step) => (healthyMemory(step) ?? 0) + Math.max(0, step - begin) * 1e6 * (STEP / 60)),
    ),
    fires: { alert: 'AngiocastMemorySlope', after: 7665 },
  },
  {
    what: 'one frame in fifty is forgotten',
    lasts: HOUR,
    world: world({ forgotten: turns(zero, () => 9) }),
    fires: { alert: 'AngiocastLedgerImbalance', stream: 'room1', after: 60 },
  },
  {
    what: 'one frame in fifty is counted twice',
    lasts: HOUR,
    world: world({ forgotten: turns(zero, () => -9) }),
    fires: { alert: 'AngiocastLedgerImbalance', stream: 'room1', after: 60 },
  },
  {
    what: 'a wrong configuration is read anew',
    lasts: HOUR,
    world: world({}, once('angiocast_config_reloads_total', 'outcome="refused"')),
    fires: { alert: 'AngiocastReloadRefused', after: 0 },
  },
  {
    what: 'a model bundle that does not fit',
    lasts: HOUR,
    world: world(
      {},
      once('angiocast_config_reloads_total', 'outcome="refused"'),
      once('angiocast_model_swaps_total', 'outcome="rolled_back"'),
    ),
    fires: { alert: 'AngiocastReloadRefused', after: 0 },
  },
];

export const silences: readonly Scenario[] = [
  {
    what: 'a suite that is off at night, as it should be',
    lasts: 6 * HOUR,
    world: world({ ...dead, state: (step) => (step < begin ? busy.state(step) : 'lost'), expected: turns(() => 1, zero) }),
  },
  {
    what: 'a capture card that shows the same all night, while nobody expects more',
    lasts: 6 * HOUR,
    world: world({ ...dead, captured: busy.captured, frameAge: busy.frameAge, state: () => 'frozen', expected: zero }),
  },
  {
    what: 'another model and another room while the server runs',
    lasts: HOUR,
    world: new Map([
      ...world({}, once('angiocast_config_reloads_total', 'outcome="applied"'), once('angiocast_model_swaps_total', 'outcome="switched"')),
      ...[...roomSeries('room2', busy)].map(([name, values]) => [name, until(values)] as const),
      ...[...roomSeries('room3', busy)].map(([name, values]) => [name, since((step) => values(step - begin))] as const),
    ]),
  },
  { what: 'a busy day', lasts: 6 * HOUR, world: world({}) },
  {
    what: 'a last image held for six hours, nobody in the room',
    lasts: 6 * HOUR,
    world: world({ state: () => 'held', unique: zero, masks: zero, hits: zero, queued: zero }),
  },
  {
    what: 'a recording that is over',
    lasts: 6 * HOUR,
    world: world({ ...dead, state: (step) => (step < begin ? busy.state(step) : 'ended') }),
  },
  {
    what: 'a source that is away for ten seconds',
    lasts: HOUR,
    world: world({ state: (step) => (step === begin ? 'lost' : busy.state(step)), captured: (step) => (step === begin ? 0 : 450) }),
  },
  {
    what: 'two masks that come late',
    lasts: HOUR,
    world: world({ masks: (step) => (step === begin ? 2 : 0), delay: constantly(1.2) as () => number }),
  },
  {
    what: 'a restart, with memory that fills up at first',
    lasts: 6 * HOUR,
    world: world(
      {},
      served('process_start_time_seconds', '', from(begin, constantly(-7200), constantly(BEGIN))),
      served('process_resident_memory_bytes', '', (step) => 1e6 * (step < begin ? 400 : 150 + 250 * Math.min(1, (step - begin) / 120))),
    ),
  },
  {
    what: 'a CPU that was asked for where CUDA computed before',
    lasts: HOUR,
    world: world(
      {},
      provider('auto', 'cpu', () => null),
      provider('auto', 'cuda', until(constantly(1))),
      provider('cpu', 'cpu', since(constantly(1))),
    ),
  },
  {
    what: 'a slow screen that sees fewer pictures',
    lasts: HOUR,
    world: world(
      {},
      served(
        'angiocast_client_messages_dropped_total',
        'topic="frame",reason="slow-client"',
        counter(() => 400),
      ),
    ),
  },
];
